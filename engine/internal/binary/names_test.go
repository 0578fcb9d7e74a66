package binary_test

import (
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/binary"
)

func nameSection(subsections ...string) string {
	return section(0, name("component-name")+strings.Join(subsections, ""))
}

func TestNames(t *testing.T) {
	c := decode(t, component(nameSection(
		section(0, name("app")),
		section(1, "\x01"+vec("\x02"+name("run"), "\x05"+name("stop"))),
		section(1, "\x00\x00"+vec("\x01"+name("malloc"))),
		section(1, "\x00\x11"+vec("\x00"+name("main"))),
		section(1, "\x00\x12"+vec("\x03"+name("libc"))),
		section(9, "\xff"),
	)))
	n := c.Names
	for got, want := range map[string]string{
		n.Component():                        "app",
		n.Item(binary.SortFunc, 2):           "run",
		n.Item(binary.SortFunc, 5):           "stop",
		n.CoreItem(binary.CoreFunc, 1):       "malloc",
		n.Item(binary.SortCoreModule, 0):     "main",
		n.CoreInstance(3):                    "libc",
		n.Item(binary.SortInstance, 2):       "",
		n.CoreItem(binary.CoreFunc, 2) + "?": "?",
	} {
		if got != want {
			t.Errorf("name %q, want %q", got, want)
		}
	}
}

// A name section never makes a component malformed.
func TestBrokenNamesAreSkipped(t *testing.T) {
	for _, garbage := range []string{"", "\xff", "\x00\x05a", "\x01\x03\x01\xff\xff", "\x00\x02\x01\xff"} {
		n := decode(t, component(nameSection(garbage))).Names
		if n.Component() != "" || n.Item(binary.SortFunc, 0) != "" {
			t.Errorf("%q gave a name", garbage)
		}
	}
	n := decode(t, component(nameSection(section(0, name("kept")), "\x01\x7f"))).Names
	if n.Component() != "kept" {
		t.Errorf("what stands before the broken part is lost")
	}
	var none *binary.Names
	if none.Component() != "" || none.CoreInstance(0) != "" {
		t.Error("a component without names has names")
	}
}
