package http

import (
	nethttp "net/http"
	"reflect"
	"testing"
)

// pairs returns names and values of fields.
func (f *fields) pairs() (list []string) {
	for _, e := range f.list {
		list = append(list, e.F0, string(e.F1))
	}
	return list
}

func TestFieldsOfHeader(t *testing.T) {
	h := nethttp.Header{
		"X-B": {"2", "1"}, "Accept": {""}, "x-b": {"3"}, "X-A": {"1"}, "X-None": {}, "Connection": {"close"}, "Y": {"\xff"},
	}
	drop := func(name string) bool { return name == "connection" }
	f := headerFields(h, drop, []Field{{F0: "z", F1: []byte("extra")}})
	want := []string{"accept", "", "x-a", "1", "x-b", "2", "x-b", "1", "x-b", "3", "y", "\xff", "z", "extra"}
	if got := f.pairs(); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if len(f.get("X-B")) != 3 {
		t.Errorf("values of one name are apart: %q", f.get("x-b"))
	}
	if _, err := f.remove("x-a"); err != errImmutable || f.size != sizeOf(f.list) {
		t.Errorf("%v, size %d", err, f.size)
	}
}

// Values do not overlap: a guest that changes one does not change another.
func TestFieldsOfHeaderDoNotOverlap(t *testing.T) {
	f := headerFields(nethttp.Header{"A": {"1", "2"}}, nil, nil)
	_ = append(f.list[0].F1, 'x')
	if got := f.pairs(); !reflect.DeepEqual(got, []string{"a", "1", "a", "2"}) {
		t.Errorf("%q", got)
	}
}

func TestHeaderOfFields(t *testing.T) {
	var f fields
	for _, e := range [][2]string{{"x-b", "1"}, {"content-type", "t"}, {"x-b", "2"}, {"dropped", "x"}} {
		if err := f.add(e[0], []byte(e[1])); err != nil {
			t.Fatal(err)
		}
	}
	f.list = append(f.list, Field{F0: "connection", F1: []byte("close")}) // as a received message can have it
	h := nethttp.Header{"X-B": {"0"}}
	f.copyTo(h, func(name string) bool { return name == "dropped" })
	if want := (nethttp.Header{"X-B": {"0", "1", "2"}, "Content-Type": {"t"}}); !reflect.DeepEqual(h, want) {
		t.Errorf("%q, want %q", h, want)
	}
	h.Add("Content-Type", "more")
	h.Add("X-B", "more")
	if got := f.pairs(); len(got) != 10 || got[1] != "1" {
		t.Errorf("the fields were changed: %q", got)
	}
}

func TestContentLengthOfFields(t *testing.T) {
	tests := []struct {
		values []string
		want   int64
		ok     bool
	}{
		{nil, -1, true}, {[]string{"0"}, 0, true}, {[]string{"12"}, 12, true}, {[]string{"12", "12"}, 12, true},
		{[]string{"12", "13"}, 0, false}, {[]string{"x"}, 0, false}, {[]string{"12", "x"}, 0, false}, {[]string{""}, 0, false},
	}
	for _, tt := range tests {
		var f fields
		for _, v := range tt.values {
			f.list = append(f.list, Field{F0: "content-length", F1: []byte(v)})
		}
		if n, err := f.contentLength(); n != tt.want || (err == nil) != tt.ok {
			t.Errorf("%q: %d, %v", tt.values, n, err)
		}
	}
}
