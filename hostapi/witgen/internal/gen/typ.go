package gen

import "github.com/spinhost/spin/hostapi/wit"

// kind says how a type is lifted and lowered.
type kind uint8

const (
	kindPrim   kind = iota
	kindString      // string
	kindBytes       // list<u8>
	kindList
	kindRecord // record, tuple
	kindVariant
	kindOption
	kindResult
	kindEnum
	kindFlags
	kindOwn
	kindBorrow
	kindStream
	kindFuture
)

// dir is the way that a value goes. Streams and futures have another Go form each way.
type dir uint8

const (
	in  dir = iota // lifted: from the guest
	out            // lowered: to the guest
)

// typ is a WIT type as generated code sees it.
type typ struct {
	kind kind
	prim wit.Primitive // of kindPrim
	def  *wit.TypeDef  // record, variant, enum, flags; for handles the resource; else nil
	key  string        // equal for types that share helpers
	name string        // part of helpers' names
	goty string        // the Go type

	size, align uint32
	flat        int // number of core values (Canonical ABI, flatten_type)
	refs        int // number of identities, as abi.Ref counts
	host        uint64
	hostAlign   uint64
	boxed       uint64 // host memory behind a value, beyond strings and lists, which count themselves
	comparable  bool   // in Go
	channels    bool   // has streams or futures

	elem    *typ // list, stream, future (nil without element)
	fields  []field
	cases   []variantCase // variant, option, result, enum
	labels  int           // of flags
	disc    uint32        // size of the discriminant
	payload uint32        // offset of the payload
}

// field is a field of a record or tuple.
type field struct {
	goName string
	typ    *typ
	offset uint32
	flat   int // index of its first core value
	ref    int // number of its first identity
}

// variantCase is a case of a variant, option, result or enum.
type variantCase struct {
	goName string
	typ    *typ // nil if there is no payload
	ref    int
}

// handle reports whether t is a handle of a resource.
func (t *typ) handle() bool { return t.kind == kindOwn || t.kind == kindBorrow }

// single reports whether t is one handle, of a resource, a stream or a future.
func (t *typ) single() bool { return t.handle() || t.kind == kindStream || t.kind == kindFuture }

// mayFail reports whether lifting t can fail.
func (t *typ) mayFail() bool {
	switch t.kind {
	case kindPrim:
		return t.prim == wit.Char
	case kindFlags:
		return false
	case kindRecord:
		for _, f := range t.fields {
			if f.typ.mayFail() {
				return true
			}
		}
		return false
	}
	return true
}
