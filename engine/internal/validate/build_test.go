package validate_test

import (
	"encoding/binary"
	"strings"
)

const preamble = "\x00asm\x0d\x00\x01\x00"

func uleb(n int) string { return string(binary.AppendUvarint(nil, uint64(n))) }

// section makes a section that is a vector of definitions.
func section(id byte, defs ...string) string {
	return raw(id, uleb(len(defs))+strings.Join(defs, ""))
}

// raw makes a section of any content.
func raw(id byte, content string) string { return string(id) + uleb(len(content)) + content }

func name(s string) string { return uleb(len(s)) + s }

// component makes a component of sections.
func component(sections ...string) string { return preamble + strings.Join(sections, "") }

// Section ids.
const (
	secModule       = 1
	secCoreInstance = 2
	secComponent    = 4
	secInstance     = 5
	secAlias        = 6
	secType         = 7
	secImport       = 10
	secExport       = 11
)
