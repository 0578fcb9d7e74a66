package values

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
)

// loadWIT reads the WIT that the package is generated from.
func loadWIT(t testing.TB) *wit.Set {
	t.Helper()
	set, err := wit.ParseDir("../../../testdata/wit/base", "../../../testdata/wit/values")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func interfaces() []*abi.Interface {
	return []*abi.Interface{
		ServeScalars(echoScalars{}), ServeCompounds(echoCompounds{}), ServeErrors(echoErrors{}),
		ServeHandles(echoHandles{}), ServeChannels(&echoChannels{}), ServeForeign(echoForeign{}),
	}
}

// imports lists every function of the interfaces, in every way that guests can lower it.
func imports(t testing.TB) []abitest.Import {
	t.Helper()
	set := loadWIT(t)
	var list []abitest.Import
	for _, i := range interfaces() {
		w := set.Interface(i.ID)
		if w == nil {
			t.Fatalf("the WIT has no interface %s", i.ID)
		}
		for _, f := range i.Funcs {
			wf := w.Func(f.Name)
			if wf == nil {
				t.Fatalf("%s has no function %s", i.ID, f.Name)
			}
			list = append(list, abitest.Import{Func: wf, Serve: f.Serve, Refuse: f.Refuse})
			if wf.Async {
				list = append(list, abitest.Import{Func: wf, Serve: f.Serve, Refuse: f.Refuse, Async: true})
			}
		}
	}
	return list
}

func name(i abitest.Import) string {
	s := i.Func.Interface.Name + "." + i.Func.WireName()
	if i.Async {
		s += " async"
	}
	return s
}

// newEnv returns a guest with handles for the resources of the WIT.
func newEnv() *abitest.Env {
	e := abitest.NewEnv()
	n := uint32(0)
	e.New = func(id string) any {
		n++
		switch id {
		case "test:values/handles@1.0.0#counter":
			return &counter{n}
		case "test:values/handles@1.0.0#lock":
			return &lock{fmt.Sprint(n)}
		case "test:values/errors@1.0.0#ticket":
			return &ticket{n}
		case "test:base/shapes@1.0.0#canvas":
			return &canvas{n}
		}
		panic("no resource " + id)
	}
	return e
}

// echoes reports whether a function returns what it is given.
func echoes(f *wit.Func) bool {
	return f.Result == nil && len(f.Params) == 0 ||
		f.Kind == wit.FreeFunc && !slices.Contains([]string{"sum", "async-sum", "take-part", "take-maybe", "give-maybe"}, f.Name)
}

func randomArgs(e *abitest.Env, r *rand.Rand, f *wit.Func) []any {
	var args []any
	for _, t := range abitest.Params(f) {
		args = append(args, e.Random(r, t))
	}
	return args
}

// want is what an echo of args is.
func want(args []any) any {
	switch len(args) {
	case 0:
		return nil
	case 1:
		return args[0]
	}
	return args
}

// Values come back as they were, whichever way they are lowered, with whatever bits that do
// not count.
func TestRoundTrip(t *testing.T) {
	n := 0
	for _, i := range imports(t) {
		if !echoes(i.Func) {
			continue
		}
		n++
		t.Run(name(i), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			for range 60 {
				e := newEnv()
				e.Rand = rand.New(rand.NewPCG(r.Uint64(), 0))
				args := randomArgs(e, r, i.Func)
				got, _, err := e.Call(i, args...)
				if err != nil {
					t.Fatalf("%v: %v", args, err)
				}
				if !reflect.DeepEqual(got, want(args)) {
					t.Fatalf("got %v, want %v", got, want(args))
				}
				if live := e.Handles().Live(); live != 0 {
					t.Fatalf("%d handles are left", live)
				}
			}
		})
	}
	if n < 100 {
		t.Fatalf("only %d functions were tested", n)
	}
}

// Results in memory are, byte for byte, what the model of the specification stores.
func TestMemoryImages(t *testing.T) {
	images := 0
	for _, i := range imports(t) {
		if !echoes(i.Func) || len(abitest.NewEnv().Refs(i.Func)) > 0 || i.Func.Result == nil {
			continue
		}
		t.Run(name(i), func(t *testing.T) {
			r := rand.New(rand.NewPCG(2, 3))
			for range 40 {
				args := randomArgs(newEnv(), r, i.Func)
				e, model := newEnv(), newEnv()
				_, at, err := e.Call(i, args...)
				if err != nil {
					t.Fatal(err)
				}
				if at == 0 {
					continue
				}
				images++
				slow := i
				slow.Serve = func(c *abi.Call) { model.Store(i.Func.Result, want(args), c.Result(1, 1)) }
				if _, _, err := model.Call(slow, args...); err != nil {
					t.Fatal(err)
				}
				if got, want := e.Bytes(), model.Bytes(); !bytes.Equal(got, want) {
					t.Fatalf("%v is stored as\n%x\nnot\n%x", args, got, want)
				}
			}
		})
	}
	if images < 1000 {
		t.Fatalf("only %d images were compared", images)
	}
}

// Functions are described by the names and types of the WIT.
func TestDescriptions(t *testing.T) {
	set := loadWIT(t)
	for _, i := range interfaces() {
		w := set.Interface(i.ID)
		if len(i.Funcs) != len(w.Funcs) {
			t.Errorf("%s has %d functions, not %d", i.ID, len(i.Funcs), len(w.Funcs))
		}
		for _, f := range i.Funcs {
			if got, want := f.Type, wit.Signature(w.Func(f.Name)); got != want {
				t.Errorf("%s has type %s, not %s", f.Name, got, want)
			}
		}
	}
	got, want := ServeHandles(echoHandles{}).Resources, []string{"counter", "lock"}
	if !slices.Equal(got, want) {
		t.Errorf("resources %q, not %q", got, want)
	}
}
