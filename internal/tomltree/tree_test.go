package tomltree_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/spinhost/spin/internal/tomltree"
)

var options = tomltree.Options{What: "text", MaxSize: 1000, MaxNodes: 50, MaxDepth: 8}

// places lists what is in a value: path, place of the key, kind and place of the value.
func places(path string, n *tomltree.Node) (list []string) {
	for _, f := range n.Fields {
		key := strings.TrimPrefix(path+"."+f.Key, ".")
		list = append(list, fmt.Sprintf("%s %d:%d is %s %d:%d", key, f.Pos.Line, f.Pos.Column, f.Node.Kind, f.Node.Pos.Line, f.Node.Pos.Column))
		list = append(list, places(key, f.Node)...)
	}
	for i, item := range n.Items {
		key := fmt.Sprintf("%s[%d]", path, i)
		list = append(list, fmt.Sprintf("%s is %s %d:%d", key, item.Kind, item.Pos.Line, item.Pos.Column))
		list = append(list, places(key, item)...)
	}
	return list
}

func TestPlaces(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"\xef\xbb\xbfa = 1":      "a 1:1 is an integer 1:5",
		"# x\n  a  =  'b'":       "a 2:3 is a string 2:9",
		"a.b = true":             "a 1:1 is a table 1:1, a.b 1:3 is a boolean 1:7",
		"[a.b]\nc = 1.5":         "a 1:2 is a table 1:2, a.b 1:4 is a table 1:4, a.b.c 2:1 is a float 2:5",
		"[a.b]\n[a]\nc = 1":      "a 1:2 is a table 1:2, a.b 1:4 is a table 1:4, a.c 3:1 is an integer 3:5",
		"[[a]]\n[[a]]\nb = 1":    "a 1:3 is an array 1:3, a[0] is a table 1:3, a[1] is a table 2:3, a[1].b 3:1 is an integer 3:5",
		"[[a]]\n[a.b]\nc = 1":    "a 1:3 is an array 1:3, a[0] is a table 1:3, a[0].b 2:4 is a table 2:4, a[0].b.c 3:1 is an integer 3:5",
		"a = [1, 'b']":           "a 1:1 is an array 1:5, a[0] is an integer 1:6, a[1] is a string 1:9",
		"a = { b = 1, c.d = 2 }": "a 1:1 is a table 1:5, a.b 1:7 is an integer 1:11, a.c 1:14 is a table 1:14, a.c.d 1:16 is an integer 1:20",
		"'a.b' = 2020-01-01":     "a.b 1:1 is a date or time 1:9",
	} {
		root, err := tomltree.Parse("x.toml", []byte(text), options)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := strings.Join(places("", root), ", "); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		limit      bool
	}{
		{"a = ", "x.toml:1:", false},
		{"a = 1\nb = nothing", "x.toml:2:5: ", false},
		{"a = '\xff'", "x.toml:1:6: the text is not UTF-8 from here: save the text as UTF-8", false},
		{"a = 1\na = 2", `x.toml:2:1: "a" is already defined at line 1: remove one of the two, or rename it`, false},
		{"[a]\n[a]", `x.toml:2:2: "a" is already defined at line 1`, false},
		{"a = {}\n[a.b]", `x.toml:2:2: "a" is already defined at line 1`, false},
		{"a = []\n[[a]]", `x.toml:2:3: "a" is already defined at line 1`, false},
		{"a = 2020-13-01", "x.toml:1:", false},
		{strings.Repeat("#", 1001), "x.toml:1:1: the text has more than 1000 bytes", true},
		{"a = [" + strings.Repeat("1,", 60) + "]", "the text has more than 50 keys and values", true},
		{strings.Repeat("a.", 9) + "a = 1", "tables and arrays are nested more than 8 deep", true},
		{"a = " + strings.Repeat("[", 9) + strings.Repeat("]", 9), "tables and arrays are nested more than 8 deep", true},
	} {
		root, err := tomltree.Parse("x.toml", []byte(tt.text), options)
		if root != nil || err == nil || err.Limit != tt.limit || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40q: got %v", tt.text, err)
		}
	}
}

func TestPlacesOfOtherText(t *testing.T) {
	o := options
	o.Position = func(p tomltree.Position) tomltree.Position { p.File, p.Line = "y.json", p.Line+10; return p }
	root, err := tomltree.Parse("x.toml", []byte("a = 'b'"), o)
	if err != nil {
		t.Fatal(err)
	}
	a := root.Get("a")
	if a.Pos.String() != "y.json:11:1" || a.Node.Inside(0).String() != "y.json:11:6" || root.KeyPos(root.Pos, []string{"a", "b"}) != a.Pos {
		t.Errorf("%v, %v", a.Pos, a.Node.Inside(0))
	}
	if root.Get("b") != nil || (*tomltree.Node)(nil).Get("a") != nil {
		t.Error("there is more than there is")
	}
	if _, err := tomltree.Parse("x.toml", []byte("a"), o); err == nil || err.Pos.File != "y.json" {
		t.Errorf("got %v", err)
	}
}

// What can be read has the values that the TOML library gives it.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"a = 1", "[a.b]\nc = [1, {d = 'e'}]", "[[a]]\n[a.b]\n[[a]]", "a = 1979-05-27T07:32:00Z", "a.b = 1\na.c = 2", "'\\u0041' = \"\"\"\nx\"\"\""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, fault := tomltree.Parse("x.toml", []byte(text), options)
		if fault != nil {
			if fault.Pos.Line < 1 || fault.Pos.Column < 1 || fault.Msg == "" {
				t.Errorf("%+v", fault)
			}
			return
		}
		var want map[string]any
		if err := toml.Unmarshal([]byte(strings.TrimPrefix(text, "\xef\xbb\xbf")), &want); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(root.Plain()); got != fmt.Sprint(want) && !reflect.DeepEqual(root.Plain(), want) {
			t.Errorf("got %s, want %v", got, want)
		}
	})
}
