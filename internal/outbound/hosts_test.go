package outbound_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/internal/outbound"
)

// peers is a provider of the variable peer.
type peers struct{ value string }

func (p *peers) Get(context.Context, string) (string, bool, error) {
	return p.value, p.value != "", nil
}

// hosts allows http://{{ peer }}.
func hosts(t *testing.T, p *peers, log *slog.Logger) (*outbound.Hosts, error) {
	t.Helper()
	vars, err := variables.NewResolver(variables.Config{
		Variables: []variables.Declaration{{Name: "peer", Required: true}},
		Providers: []variables.Provider{p},
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := capability.ParseHosts(capability.Owner{}, []capability.Entry{
		{Text: "http://{{ peer }}", Pos: capability.Position{File: "spin.toml", Line: 4, Column: 2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return outbound.NewHosts(t.Context(), list, vars, log)
}

func TestHostsOfAnInstanceAreThoseOfItsTime(t *testing.T) {
	p := &peers{"one.example"}
	h, err := hosts(t, p, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var s hostapi.Scope
	h.Provide(&s)
	allows := func(hosts *capability.Hosts, host string) bool {
		return hosts.CheckURL("http://"+host, "http").Allowed()
	}
	if !allows(s.AllowedHosts(t.Context()), "one.example") {
		t.Error("what makes an instance does not reach the first host")
	}
	first, err := h.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, _ := h.Now(t.Context())
	p.value = "two.example"
	second, err := h.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case first != again:
		t.Error("hosts are made again although no value has changed")
	case !allows(first, "one.example") || allows(first, "two.example"):
		t.Error("hosts have changed under an instance")
	case !allows(second, "two.example") || allows(second, "one.example"):
		t.Error("hosts have not changed with the value")
	}
	gone, leave := context.WithCancelCause(t.Context())
	left := errors.New("left")
	leave(left)
	if _, err := h.Now(gone); err != left {
		t.Errorf("got %v", err)
	}
}

func TestFaultsOfHosts(t *testing.T) {
	var told bytes.Buffer
	log := slog.New(slog.NewTextHandler(&told, nil))
	h, err := hosts(t, new(peers), log)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if now, err := h.Now(t.Context()); err != nil || now == nil {
			t.Fatalf("%v, %v", now, err)
		}
	}
	if n := strings.Count(told.String(), "level=WARN"); n != 1 {
		t.Errorf("told %d times: %s", n, &told)
	}
	_, err = hosts(t, &peers{"no host"}, log)
	var f *fault.Error
	if !errors.As(err, &f) || f.Pos.Line != 4 || !strings.HasPrefix(f.Err.Error(), "allowed_outbound_hosts: ") {
		t.Errorf("got %v", err)
	}
}
