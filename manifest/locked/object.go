package locked

// object reads the keys of an object and collects what is wrong with them.
type object struct {
	*collector
	n    *node
	path string
}

// newObject reports whether n is an object.
func newObject(c *collector, n *node, path string) (object, bool) {
	if n.kind != objectKind {
		c.add(n.offset, path, nil, "must be an object, not %s", n.kind)
		return object{}, false
	}
	return object{c, n, path}, true
}

func (o object) at(key string) string { return join(o.path, key) }

// fault reports what is wrong with the value of a key, or with the object if it
// does not have the key.
func (o object) fault(key string, cause error, format string, args ...any) {
	if n := o.n.get(key); n != nil {
		o.add(n.offset, o.at(key), cause, format, args...)
		return
	}
	o.add(o.n.offset, o.path, cause, format, args...)
}

// field returns the value of a key if there is one of the wanted kind.
func (o object) field(key string, k kind) *node {
	n := o.n.get(key)
	if n == nil {
		return nil
	}
	if n.kind != k {
		o.fault(key, nil, "must be %s, not %s", k, n.kind)
		return nil
	}
	return n
}

// require is field for a key that has to be there.
func (o object) require(key string, k kind) *node {
	if o.n.get(key) == nil {
		o.fault(key, ErrMissingKey, "the key %q is missing: add it with %s", key, k)
	}
	return o.field(key, k)
}

func (o object) text(key string) string {
	if n := o.field(key, stringKind); n != nil {
		return n.text
	}
	return ""
}

func (o object) requiredText(key string) string {
	if n := o.require(key, stringKind); n != nil {
		return n.text
	}
	return ""
}

// optionalText is text for a key that may be null.
func (o object) optionalText(key string) string {
	if n := o.n.get(key); n == nil || n.kind == nullKind {
		return ""
	}
	return o.text(key)
}

func (o object) boolean(key string) bool {
	n := o.field(key, boolKind)
	return n != nil && n.truth
}

// object returns the object of a key.
func (o object) object(key string) (object, bool) {
	n := o.field(key, objectKind)
	if n == nil {
		return object{}, false
	}
	return object{o.collector, n, o.at(key)}, true
}

// texts returns the strings of an array. It has the length of the array even if
// something is wrong with it.
func (o object) texts(key string) []string {
	n := o.field(key, arrayKind)
	if n == nil {
		return nil
	}
	var list []string
	for i, item := range n.items {
		if item.kind != stringKind {
			o.add(item.offset, index(o.at(key), i), nil, "must be a string, not %s", item.kind)
		}
		list = append(list, item.text)
	}
	return list
}

// textMap returns the strings of an object, nil for none.
func (o object) textMap(key string) map[string]string {
	inner, ok := o.object(key)
	if !ok || len(inner.n.fields) == 0 {
		return nil
	}
	m := make(map[string]string, len(inner.n.fields))
	for _, f := range inner.n.fields {
		m[f.key] = inner.text(f.key)
	}
	return m
}

// list calls read for each object of an array.
func (o object) list(key string, required bool, read func(object)) {
	n := o.field(key, arrayKind)
	if n == nil {
		if required && o.n.get(key) == nil {
			o.require(key, arrayKind)
		}
		return
	}
	for i, item := range n.items {
		if o.full() {
			return
		}
		if inner, ok := newObject(o.collector, item, index(o.at(key), i)); ok {
			read(inner)
		}
	}
}

// withoutNulls returns the object without the keys whose value is null.
func (o object) withoutNulls() object {
	n := &node{kind: objectKind, offset: o.n.offset, index: make(map[string]int)}
	for _, f := range o.n.fields {
		if f.node.kind != nullKind {
			n.index[f.key] = len(n.fields)
			n.fields = append(n.fields, f)
		}
	}
	return object{o.collector, n, o.path}
}

// each calls read for each object in an object.
func (o object) each(key string, read func(string, object)) {
	outer, ok := o.object(key)
	if !ok {
		return
	}
	for _, f := range outer.n.fields {
		if inner, ok := outer.object(f.key); ok {
			read(f.key, inner)
		}
	}
}
