package output

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

// lineLog is a slog.Handler that keeps messages.
type lineLog struct{ lines []string }

func (l *lineLog) Enabled(context.Context, slog.Level) bool { return true }
func (l *lineLog) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *lineLog) WithGroup(string) slog.Handler            { return l }

func (l *lineLog) Handle(_ context.Context, r slog.Record) error {
	l.lines = append(l.lines, r.Message)
	return nil
}

func TestLogWriter(t *testing.T) {
	full := strings.Repeat("x", maxLine)
	tests := []struct {
		behaviour    string
		writes, want []string
		rest         []string // comes when the app is closed
	}{
		{"a line", []string{"one\n"}, []string{"one"}, nil},
		{"lines", []string{"one\ntwo\n\nthree\n"}, []string{"one", "two", "", "three"}, nil},
		{"pieces", []string{"o", "n", "e\nt", "", "wo", "\n"}, []string{"one", "two"}, nil},
		{"no end of line", []string{"one\ntwo"}, []string{"one"}, []string{"two"}},
		{"a line that just fits", []string{full + "\n"}, []string{full}, nil},
		{"a line that is too long", []string{full + full + "yz\n"}, []string{full, full, "yz"}, nil},
		{"a line that is too long, in pieces", []string{full[1:], "x", "y\nz"}, []string{full, "y"}, []string{"z"}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			l := new(lineLog)
			w := &logWriter{log: slog.New(l)}
			for _, s := range tt.writes {
				if n, err := w.Write([]byte(s)); n != len(s) || err != nil {
					t.Errorf("%d, %v", n, err)
				}
			}
			if !slices.Equal(l.lines, tt.want) {
				t.Errorf("%.80q, want %.80q", l.lines, tt.want)
			}
			l.lines = nil
			w.flush()
			w.flush()
			if !slices.Equal(l.lines, tt.rest) {
				t.Errorf("at the end %.80q, want %.80q", l.lines, tt.rest)
			}
		})
	}
}
