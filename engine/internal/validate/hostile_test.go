package validate_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/validate"
)

// instanceType makes an instance type of declarations.
func instanceType(decls ...string) string { return "\x42" + uleb(len(decls)) + strings.Join(decls, "") }

// exportOf declares an export of a kind with a type index.
func exportOf(n string, kind byte, index int) string {
	return "\x04\x00" + name(n) + string(kind) + uleb(index)
}

// Each instance type exports the one before twice. With a resource at the
// bottom, using such a type introduces 2^n resources.
func doubled(bottom string, n int) string {
	types := []string{bottom}
	for i := range n {
		// The type of the scope outside is aliased, then exported twice.
		types = append(types, instanceType("\x02\x03\x02\x01"+uleb(i), exportOf("a", 5, 0), exportOf("b", 5, 0)))
	}
	return component(section(secType, types...), section(secImport, "\x00"+name("i")+"\x05"+uleb(n)))
}

// Tuples of the tuple before, twice: 2^n parts.
func doubledTuples(n int) string {
	types := []string{"\x7d"}
	for i := range n {
		types = append(types, "\x6f\x02"+uleb(i)+uleb(i))
	}
	return component(section(secType, types...))
}

// nestedTypes makes instance types that export each other n levels deep.
func nestedTypes(n int) string {
	types := []string{instanceType()}
	for i := range n {
		types = append(types, instanceType("\x02\x03\x02\x01"+uleb(i), exportOf("a", 5, 0)))
	}
	return component(section(secType, types...))
}

// nestedInstances makes instances that export each other n levels deep.
func nestedInstances(n int) string {
	instances := []string{"\x01\x00"}
	for i := range n {
		instances = append(instances, "\x01\x01\x00"+name("a")+"\x05"+uleb(i))
	}
	return component(section(secInstance, instances...))
}

// manyInstances instantiates a component of m resources n times.
func manyInstances(m, n int) string {
	var exports, instances []string
	for i := range m {
		exports = append(exports, "\x00"+name(fmt.Sprint("r", i))+"\x03"+uleb(0)+"\x01\x03\x01")
	}
	for range n {
		instances = append(instances, "\x00\x00\x00")
	}
	inner := component(section(secType, "\x3f\x7f\x00"), section(secExport, exports...))
	return component(raw(secComponent, inner), section(secInstance, instances...))
}

// manyImports imports an instance type of m functions, which has no resources, n times.
func manyImports(m, n int) string {
	decls := []string{"\x01\x40\x00\x01\x00"}
	for i := range m {
		decls = append(decls, exportOf(fmt.Sprint("f", i), 1, 0))
	}
	var imports []string
	for i := range n {
		imports = append(imports, "\x00"+name(fmt.Sprint("i", i))+"\x05\x00")
	}
	return component(section(secType, instanceType(decls...)), section(secImport, imports...))
}

// manyCoreInstances instantiates a module of m imports n times.
func manyCoreInstances(m, n int) string {
	imports := uleb(m)
	inline := "\x01" + uleb(m)
	for i := range m {
		f := name(fmt.Sprint("g", i))
		imports += name("m") + f + "\x03\x7f\x00"
		inline += f + "\x03\x00"
	}
	provider := "\x00asm\x01\x00\x00\x00" + raw(6, "\x01\x7f\x00\x41\x00\x0b") + raw(7, "\x01"+name("g")+"\x03\x00")
	user := "\x00asm\x01\x00\x00\x00" + raw(2, imports)
	instances := []string{inline}
	for range n {
		instances = append(instances, "\x00\x01\x01"+name("m")+"\x12\x01")
	}
	return component(raw(secModule, provider), raw(secModule, user), section(secCoreInstance, "\x00\x00\x00"),
		section(secAlias, "\x00\x03\x01\x00"+name("g")), section(secCoreInstance, instances...))
}

// Types can be exponentially larger than the bytes that describe them. Work and
// memory stay bounded whatever a component does with them.
func TestHostileComponentsAreCheap(t *testing.T) {
	abstract := instanceType("\x04\x00" + name("r") + "\x03\x01")
	for what, tt := range map[string]struct {
		wasm string
		ok   bool
	}{
		"2^40 parts of a tuple":                  {doubledTuples(40), false},
		"2^60 resources":                         {doubled(abstract, 60), false},
		"2^60 functions":                         {doubled(instanceType("\x01\x40\x00\x01\x00", exportOf("f", 1, 0)), 60), false},
		"200 levels of instance types":           {nestedTypes(200), false},
		"90 levels of instance types":            {nestedTypes(90), true},
		"200,000 levels of instances":            {nestedInstances(200_000), false},
		"1,000 times 10,000 resources":           {manyInstances(10_000, 1_000), false},
		"10 times 1,000 resources":               {manyInstances(1_000, 10), true},
		"20,000 imports of 10,000 functions":     {manyImports(10_000, 20_000), false},
		"10 imports of 10,000 functions":         {manyImports(10_000, 10), true},
		"20,000 core instances of 5,000 imports": {manyCoreInstances(5_000, 20_000), false},
		"10 core instances of 5,000 imports":     {manyCoreInstances(5_000, 10), true},
	} {
		t.Run(what, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := check([]byte(tt.wasm), validate.AllFeatures())
			runtime.ReadMemStats(&after)
			if tt.ok && err != nil {
				t.Error(err)
			}
			var e *validate.Error
			var static *limits.Error
			if !tt.ok && !errors.As(err, &static) && (!errors.As(err, &e) || e.Rule != validate.RuleLimit) {
				t.Errorf("got %v, want a limit", err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 1<<30 {
				t.Errorf("%d MiB allocated", used>>20)
			}
		})
	}
}

func TestErrorsSayWhere(t *testing.T) {
	inner := component(section(secType, "\x70\x05"))
	_, err := check([]byte(component(raw(secComponent, preamble), raw(secComponent, component(raw(secComponent, inner))))), validate.AllFeatures())
	var e *validate.Error
	if !errors.As(err, &e) || e.Path != "component 1 / component 0" || e.Rule != validate.RuleIndex {
		t.Fatalf("got %#v", err)
	}
	if want := "invalid component: component 1 / component 0: type index out of bounds: index 5 of 0 (at byte 0x29)"; err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

// Features that are switched off are refused as such.
func TestFeatures(t *testing.T) {
	all := validate.AllFeatures()
	off := func(change func(*validate.Features)) validate.Features {
		f := all
		change(&f)
		return f
	}
	for what, tt := range map[string]struct {
		wasm     string
		features validate.Features
	}{
		"lists of fixed length":  {component(section(secType, "\x67\x7d\x02")), off(func(f *validate.Features) { f.FixedLists = false })},
		"error-context":          {component(section(secType, "\x70\x64")), off(func(f *validate.Features) { f.ErrorContext = false })},
		"error-context built-in": {component(section(8, "\x1e")), off(func(f *validate.Features) { f.ErrorContext = false })},
		"threads":                {component(section(8, "\x26")), off(func(f *validate.Features) { f.Threads = false })},
		"64-bit context slot":    {component(section(8, "\x0a\x7e\x00")), off(func(f *validate.Features) { f.Memory64 = false })},
		"utf16":                  {component(section(8, "\x09\x01\x00\x01\x01")), off(func(f *validate.Features) { f.UTF16 = false })},
		"latin1+utf16":           {component(section(8, "\x09\x01\x00\x01\x02")), off(func(f *validate.Features) { f.Latin1UTF16 = false })},
	} {
		if _, err := check([]byte(tt.wasm), tt.features); !errors.Is(err, validate.ErrUnsupported) {
			t.Errorf("%s: got %v, want ErrUnsupported", what, err)
		}
		if _, err := check([]byte(tt.wasm), all); err != nil {
			t.Errorf("%s: with all features: %v", what, err)
		}
	}
	for what, wasm := range map[string]string{
		"64-bit resource":              component(section(secType, "\x3f\x7e\x00")),
		"thread.spawn-ref":             component(section(8, "\x40\x00\x00")),
		"thread.spawn-indirect":        component(section(8, "\x41\x00\x00\x00")),
		"thread.available-parallelism": component(section(8, "\x42\x00")),
	} {
		if _, err := check([]byte(wasm), all); !errors.Is(err, validate.ErrUnsupported) {
			t.Errorf("%s: got %v, want ErrUnsupported", what, err)
		}
	}
}

// Every fixture that has no stackful function and so on is valid by default too.
func TestDefaultFeatures(t *testing.T) {
	refused := 0
	for _, f := range fixtures(t) {
		if f.Want != "" {
			continue
		}
		if _, err := check(f.Wasm, validate.DefaultFeatures()); errors.Is(err, validate.ErrUnsupported) {
			refused++
		} else if err != nil {
			t.Errorf("%s:%d: %v", f.File, f.Line, err)
		}
	}
	if refused != 5 { // fixed lists, 64-bit memories, error contexts, threads and the GC form
		t.Errorf("%d fixtures are refused, want 5", refused)
	}
}

// Wrong bytes anywhere in a component give an error or another component, never a panic.
func TestDamagedComponents(t *testing.T) {
	for _, f := range fixtures(t) {
		for i := range f.Wasm {
			for _, x := range []byte{0x01, 0x80, 0xff} {
				damaged := append([]byte{}, f.Wasm...)
				damaged[i] ^= x
				_, err := check(damaged, validate.AllFeatures())
				var b *binary.Error
				var v *validate.Error
				if err != nil && !errors.As(err, &b) && !errors.As(err, &v) {
					t.Fatalf("%s:%d: byte %d: error of type %T", f.File, f.Line, i, err)
				}
			}
			if _, err := check(f.Wasm[:i], validate.AllFeatures()); i < 8 && err == nil {
				t.Fatalf("%s:%d: %d bytes are valid", f.File, f.Line, i)
			}
		}
	}
}

func FuzzValidate(f *testing.F) {
	for _, x := range fixtures(f) {
		f.Add(x.Wasm)
	}
	f.Add([]byte(doubledTuples(10)))
	f.Add([]byte(manyInstances(3, 3)))
	f.Add([]byte(manyCoreInstances(2, 2)))
	f.Fuzz(func(t *testing.T, wasm []byte) {
		c, err := check(wasm, validate.AllFeatures())
		var b *binary.Error
		var v *validate.Error
		switch {
		case err == nil:
			if c.Type == nil {
				t.Error("a valid component has no type")
			}
		case errors.As(err, &b):
			if b.Offset < 0 || b.Offset > len(wasm) {
				t.Errorf("error at byte %d of %d", b.Offset, len(wasm))
			}
		case errors.As(err, &v):
			if v.Offset < 0 || v.Offset >= len(wasm) || v.Rule == "" || v.Msg == "" {
				t.Errorf("error %+v", v)
			}
		default:
			t.Errorf("error of type %T", err)
		}
		if _, again := check(wasm, validate.AllFeatures()); fmt.Sprint(again) != fmt.Sprint(err) {
			t.Errorf("first %v, then %v", err, again)
		}
	})
}
