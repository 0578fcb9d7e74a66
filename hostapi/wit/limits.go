package wit

import "cmp"

// Limits bounds what a [Loader] accepts, so that text from an untrusted source costs bounded memory and time. A
// field that is zero or negative means the default.
type Limits struct {
	// FileSize is the size of one file in bytes; 1 MiB by default.
	FileSize int
	// TotalSize is the size of all files together in bytes; 16 MiB by default.
	TotalSize int
	// Files is the number of files; 4,096 by default.
	Files int
	// Items is the number of things described: declarations, functions, parameters, fields, cases, type
	// expressions, names in use statements, and what worlds import and export once elaborated. 262,144 by default.
	Items int
	// TypeDepth is how deep types may nest, both as written and with named types expanded; 100 by default.
	TypeDepth int
	// TypeSize is how many fields, cases and types a function's type holds once its named types are expanded, so
	// that a short chain of records cannot stand for an exponentially large type; 65,536 by default.
	TypeSize int
}

func positive(n, otherwise int) int { return cmp.Or(max(n, 0), otherwise) }

func (l Limits) withDefaults() Limits {
	return Limits{
		FileSize:  positive(l.FileSize, 1<<20),
		TotalSize: positive(l.TotalSize, 16<<20),
		Files:     positive(l.Files, 4096),
		Items:     positive(l.Items, 1<<18),
		TypeDepth: positive(l.TypeDepth, 100),
		TypeSize:  positive(l.TypeSize, 1<<16),
	}
}

// A budget counts items across all files of a load.
type budget struct{ left int }

// take spends n items and reports whether they were there.
func (b *budget) take(n int) bool {
	b.left -= n
	return b.left >= 0
}
