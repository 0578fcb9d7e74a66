package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// What components print comes in lines, whole and each behind a name, and nothing is lost.
func TestOutput(t *testing.T) {
	var shown bytes.Buffer
	o := new(output)
	to := o.to(&shown)
	a, b := to("a"), to("b")
	for _, s := range []struct {
		w    io.Writer
		text string
	}{{a, "one\ntw"}, {b, "un\n\n"}, {a, "o\nthree"}, {b, strings.Repeat("x", maxLine)}, {b, "y"}} {
		if n, err := io.WriteString(s.w, s.text); n != len(s.text) || err != nil {
			t.Error(n, err)
		}
	}
	o.flush()
	want := "a: one\nb: un\nb: \na: two\nb: " + strings.Repeat("x", maxLine) + "\na: three\nb: y\n"
	if shown.String() != want {
		t.Errorf("got %.200q", shown.String())
	}
}
