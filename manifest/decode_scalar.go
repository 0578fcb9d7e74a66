package manifest

import (
	"fmt"
	"reflect"

	"github.com/spinhost/spin/internal/tomltree"
)

// scalar stores a node in a Go value that is no collection.
func (d *decoder) scalar(n *tomltree.Node, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.NumMethod() > 0 {
			d.unsuitable(v)
			return
		}
		v.Set(reflect.ValueOf(n.Plain()))
	case reflect.String:
		if d.expect(n, path, tomltree.String) {
			v.SetString(n.Value.(string))
		}
	case reflect.Bool:
		if d.expect(n, path, tomltree.Boolean) {
			v.SetBool(n.Value.(bool))
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if d.expect(n, path, tomltree.Integer) {
			d.integer(n, path, v)
		}
	case reflect.Float32, reflect.Float64:
		if i, ok := n.Value.(int64); ok {
			v.SetFloat(float64(i))
		} else if d.expect(n, path, tomltree.Float) {
			v.SetFloat(n.Value.(float64))
		}
	default:
		d.unsuitable(v)
	}
}

// integer stores an integer that is within the bounds of v's type.
func (d *decoder) integer(n *tomltree.Node, path string, v reflect.Value) {
	i := n.Value.(int64)
	bits := v.Type().Bits()
	if v.CanInt() {
		if v.OverflowInt(i) {
			d.outOfRange(n, path, fmt.Sprintf("from %d to %d", int64(-1)<<(bits-1), int64(1)<<(bits-1)-1))
			return
		}
		v.SetInt(i)
		return
	}
	switch {
	case i >= 0 && !v.OverflowUint(uint64(i)):
		v.SetUint(uint64(i))
	case bits == 64:
		d.outOfRange(n, path, "from 0")
	default:
		d.outOfRange(n, path, fmt.Sprintf("from 0 to %d", int64(1)<<bits-1))
	}
}

func (d *decoder) outOfRange(n *tomltree.Node, path, bounds string) {
	d.add(n.Pos, path, nil, clip(n.Raw)+" is out of range: write an integer "+bounds)
}
