package dwarfline

import (
	"path"
	"strings"
)

// What the tables of directories and files hold in version 5 (section 6.2.4.1), and the forms
// in which they do (section 7.5.6).
const (
	contentPath      = 1
	contentDirectory = 2

	formData2, formData4, formData8 = 0x05, 0x06, 0x07
	formString                      = 0x08
	formBlock                       = 0x09
	formData1, formSdata            = 0x0b, 0x0d
	formStrp, formUdata             = 0x0e, 0x0f
	formData16, formLineStrp        = 0x1e, 0x1f
)

// file is the name of a file with its directory, "" if it has none.
func (f *finder) file(u *unit, n uint64) string {
	name, dir := f.fileOf(u, n)
	if name == "" {
		return ""
	}
	if d := f.directory(u, dir); d != "" && !strings.HasPrefix(name, "/") {
		return path.Join(d, name)
	}
	return name
}

func (f *finder) fileOf(u *unit, n uint64) (name string, dir uint64) {
	b := u.tables
	if u.version == 5 {
		f.entries(&b, ^uint64(0))
		return f.entries(&b, n)
	}
	for b.text() != "" { // directories
	}
	for i := uint64(1); !b.bad; i++ {
		name = b.text()
		if name == "" {
			return "", 0
		}
		dir = b.uleb()
		b.uleb() // time
		b.uleb() // length
		if i == n {
			return name, dir
		}
	}
	return "", 0
}

// directory is the name of a directory. That of the compilation, which up to version 4 stands
// elsewhere, is "" then.
func (f *finder) directory(u *unit, n uint64) string {
	b := u.tables
	if u.version == 5 {
		name, _ := f.entries(&b, n)
		if n == 0 || name == "" || strings.HasPrefix(name, "/") {
			return name
		}
		b = u.tables
		compilation, _ := f.entries(&b, 0)
		return path.Join(compilation, name)
	}
	for i := uint64(1); !b.bad; i++ {
		name := b.text()
		if name == "" || i == n {
			return name
		}
	}
	return ""
}

// entries reads a table of version 5 up to entry n, or skips all of it.
func (f *finder) entries(b *buf, n uint64) (name string, dir uint64) {
	var formats buf
	for count := b.byte(); count > 0 && !b.bad; count-- {
		at := b.b
		b.uleb()
		b.uleb()
		formats.b = append(formats.b, at[:len(at)-len(b.b)]...)
	}
	for i, count := uint64(0), b.uleb(); i < count && !b.bad; i++ {
		left := len(b.b)
		name, dir = "", 0
		for x := formats; len(x.b) > 0; {
			content, form := x.uleb(), x.uleb()
			text, v := f.value(b, form)
			switch content {
			case contentPath:
				name = text
			case contentDirectory:
				dir = v
			}
		}
		if i == n && !b.bad {
			return name, dir
		}
		if len(b.b) == left { // entries of nothing: there could be any number
			b.fail()
		}
	}
	return "", 0
}

// value reads one value of an entry.
func (f *finder) value(b *buf, form uint64) (text string, v uint64) {
	switch form {
	case formString:
		return b.text(), 0
	case formLineStrp:
		return textAt(f.s.LineStr, uint64(b.u32())), 0
	case formStrp:
		return textAt(f.s.Str, uint64(b.u32())), 0
	case formUdata:
		return "", b.uleb()
	case formSdata:
		return "", uint64(b.sleb())
	case formData1:
		return "", b.number(1)
	case formData2:
		return "", b.number(2)
	case formData4:
		return "", b.number(4)
	case formData8:
		return "", b.number(8)
	case formData16:
		b.take(16)
	case formBlock:
		b.take(b.uleb())
	default:
		b.fail()
	}
	return "", 0
}
