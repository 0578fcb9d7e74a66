package dnstest_test

import (
	"context"
	"slices"
	"testing"

	"github.com/spinhost/spin/internal/dnstest"
)

func TestNames(t *testing.T) {
	names := dnstest.New([]string{"10.0.0.1", "fd00::1"}, []string{"127.0.0.1"})
	r := names.Resolver()
	for i, want := range [][]string{{"10.0.0.1", "fd00::1"}, {"127.0.0.1"}, {"127.0.0.1"}} {
		got, err := r.LookupHost(context.Background(), "some.example")
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("lookup %d: %v, %v, want %v", i, got, err, want)
		}
	}
	if n := names.Lookups(); n != 3 {
		t.Errorf("%d lookups", n)
	}
	if got, err := dnstest.New().Resolver().LookupHost(context.Background(), "none.example"); err == nil {
		t.Errorf("got %v", got)
	}
}
