package runtimeconfig

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
)

// Path is the name of a file. Decoding makes a relative one relative to the folder
// of the configuration.
type Path string

// decoder stores values of the TOML library in Go values.
type decoder struct {
	*faults
	dir    string // folder of the configuration
	misuse error  // the Go type cannot be decoded into
}

var pathType = reflect.TypeFor[Path]()

// structure stores a table in a struct. Keys without field are faults but for those
// that others read.
func (d *decoder) structure(table map[string]any, at *place, path string, v reflect.Value, others []string) {
	fields := make(map[string]int)
	var known []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("toml"), ","); name != "" && name != "-" && f.IsExported() {
			fields[name] = i
			known = append(known, name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if i, ok := fields[key]; ok {
			d.value(table[key], at.field(key), tomltree.Path(path, key), v.Field(i))
		} else if !slices.Contains(others, key) {
			d.add(at.field(key).key, tomltree.Path(path, key), ErrUnknownKey, "%s", unknownKey(key, append(known, others...)))
		}
	}
}

// value stores one value in a Go value that can be set.
func (d *decoder) value(value any, at *place, path string, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		d.value(value, at, path, v.Elem())
		return
	}
	if v.Kind() == reflect.Struct && reflect.TypeOf(value).AssignableTo(v.Type()) {
		v.Set(reflect.ValueOf(value)) // dates and times
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if s, ok := expect[string](d, value, at, path, "a string"); ok {
			if err := u.UnmarshalText([]byte(s)); err != nil {
				d.add(at.value, path, err, "%s", err)
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if table, ok := expect[map[string]any](d, value, at, path, "a table"); ok {
			d.structure(table, at, path, v, nil)
		}
	case reflect.Map:
		d.mapping(value, at, path, v)
	case reflect.Slice:
		list, ok := expect[[]any](d, value, at, path, "an array")
		if !ok {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
		for i, item := range list {
			d.value(item, at.item(i), path+"["+strconv.Itoa(i)+"]", v.Index(i))
		}
	default:
		d.scalar(value, at, path, v)
	}
}

func (d *decoder) mapping(value any, at *place, path string, v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String {
		d.unsuitable(v)
		return
	}
	table, ok := expect[map[string]any](d, value, at, path, "a table")
	if !ok {
		return
	}
	m := reflect.MakeMapWithSize(v.Type(), len(table))
	for _, key := range slices.Sorted(maps.Keys(table)) {
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(table[key], at.field(key), tomltree.Path(path, key), element)
		m.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), element)
	}
	v.Set(m)
}

// scalar stores a value in a Go value that is no collection.
func (d *decoder) scalar(value any, at *place, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.NumMethod() > 0 {
			d.unsuitable(v)
			return
		}
		v.Set(reflect.ValueOf(value))
	case reflect.String:
		s, ok := expect[string](d, value, at, path, "a string")
		if ok && v.Type() == pathType {
			s = d.resolve(s, at, path)
		}
		v.SetString(s)
	case reflect.Bool:
		b, _ := expect[bool](d, value, at, path, "true or false")
		v.SetBool(b)
	case reflect.Float32, reflect.Float64:
		if i, ok := value.(int64); ok {
			v.SetFloat(float64(i))
		} else if f, ok := expect[float64](d, value, at, path, "a number"); ok {
			v.SetFloat(f)
		}
	default:
		d.integer(value, at, path, v)
	}
}

func (d *decoder) integer(value any, at *place, path string, v reflect.Value) {
	if !v.CanInt() && !v.CanUint() {
		d.unsuitable(v)
		return
	}
	i, ok := expect[int64](d, value, at, path, "an integer")
	switch {
	case !ok:
	case v.CanInt() && !v.OverflowInt(i):
		v.SetInt(i)
	case v.CanUint() && i >= 0 && !v.OverflowUint(uint64(i)):
		v.SetUint(uint64(i))
	case v.CanInt():
		largest := int64(math.MaxInt64) >> (64 - v.Type().Bits())
		d.add(at.value, path, nil, "is out of range: write an integer from %d to %d", -largest-1, largest)
	case v.Type().Bits() == 64:
		d.add(at.value, path, nil, "is out of range: write an integer from 0")
	default:
		d.add(at.value, path, nil, "is out of range: write an integer from 0 to %d", uint64(math.MaxUint64)>>(64-v.Type().Bits()))
	}
}

// resolve returns the name of a file relative to the configuration's folder.
func (d *decoder) resolve(name string, at *place, path string) string {
	switch {
	case name == "":
		d.add(at.value, path, nil, "is empty: write the name of a file, or remove the key")
	case strings.ContainsRune(name, 0):
		d.add(at.value, path, nil, "has a character that no file has in its name")
	case !filepath.IsAbs(name):
		return filepath.Join(d.dir, name)
	}
	return name
}

// expect returns a value that has the wanted type, or reports that it has not.
func expect[T any](d *decoder, value any, at *place, path, want string) (T, bool) {
	v, ok := value.(T)
	if !ok {
		d.add(at.value, path, nil, "must be %s, not %s", want, kindOf(value))
	}
	return v, ok
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case int64:
		return "an integer"
	case float64:
		return "a float"
	case bool:
		return "a boolean"
	case map[string]any:
		return "a table"
	case []any:
		return "an array"
	}
	return "a date or time"
}

func (d *decoder) unsuitable(v reflect.Value) {
	d.misuse = errors.Join(d.misuse, fmt.Errorf("runtimeconfig: cannot decode into %s", v.Type()))
}
