package locked

import (
	"encoding/base64"
	"strings"
)

// roles reads trigger_dependencies.
func (o object) roles() map[string][]Dependency {
	r, ok := o.object("trigger_dependencies")
	if !ok || len(r.n.fields) == 0 {
		return nil
	}
	roles := make(map[string][]Dependency)
	for _, f := range r.n.fields {
		var list []Dependency
		r.list(f.key, false, func(d object) { list = append(list, d.dependency()) })
		roles[f.key] = list
	}
	return roles
}

func (o object) dependency() Dependency {
	return Dependency{Source: o.source(), Export: o.optionalText("export"), Inherit: o.inherit()}
}

const inheritForms = `write "All", {"Some": ["variables"]} with the names of capability sets, or nothing`

// inherit reads "All" or {"Some": [...]}.
func (o object) inherit() Inherit {
	n := o.n.get("inherit")
	switch {
	case n == nil:
	case n.kind == stringKind && n.text == "All":
		return Inherit{All: true}
	case n.kind == objectKind && len(n.fields) == 1 && n.fields[0].key == "Some":
		some, _ := o.object("inherit")
		return Inherit{Sets: some.texts("Some")}
	case n.kind == objectKind && len(n.fields) == 1 && n.fields[0].key == "All" && n.fields[0].node.kind == nullKind:
		return Inherit{All: true}
	default:
		o.fault("inherit", nil, "must be one of two forms: %s", inheritForms)
	}
	return Inherit{}
}

func (o object) source() Source {
	if o.require("source", objectKind) == nil {
		return Source{}
	}
	s, _ := o.object("source")
	return Source{ContentType: s.requiredText("content_type"), Content: s.content()}
}

func (o object) content() Content {
	c := Content{Source: o.optionalText("source"), Digest: o.optionalText("digest")}
	n := o.n.get("inline")
	if n == nil || n.kind == nullKind {
		return c
	}
	text := o.text("inline")
	inline, err := decodeInline(text)
	if n.kind != stringKind {
		return c
	}
	if err != nil && strings.HasSuffix(text, "=") {
		o.fault("inline", nil, "is base64 with padding: remove = at the end")
	} else if err != nil {
		o.fault("inline", nil, "is not base64 with the standard alphabet and without padding: %v", err)
	}
	c.Inline = inline
	return c
}

var inlineEncoding = base64.RawStdEncoding.Strict()

func decodeInline(text string) ([]byte, error) {
	if i := strings.IndexAny(text, "\r\n"); i >= 0 { // which the decoder ignores
		return nil, base64.CorruptInputError(i)
	}
	data := make([]byte, inlineEncoding.DecodedLen(len(text)))
	n, err := inlineEncoding.Decode(data, []byte(text))
	return data[:n], err
}

// appMetadata checks the types of what App has methods for.
func (o object) appMetadata() {
	o = o.withoutNulls()
	for _, key := range []string{nameKey, versionKey, descriptionKey, originKey, profileKey, imageDigestKey} {
		o.text(key)
	}
	o.texts(authorsKey)
	if triggers, ok := o.object(triggersKey); ok {
		for _, f := range triggers.n.fields {
			triggers.object(f.key)
		}
	}
	if legacy, ok := o.object(triggerKey); ok {
		legacy.text("type")
	}
}

// componentMetadata checks the types of what Component has methods for.
func (o object) componentMetadata() {
	o = o.withoutNulls()
	o.text(descriptionKey)
	o.text(resolveKey)
	for _, key := range []string{hostsKey, legacyHostsKey, storesKey, databasesKey, modelsKey} {
		o.texts(key)
	}
}
