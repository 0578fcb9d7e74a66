package gen

import (
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// marks are instructions for the generator that stand in documentation, one on a line.
type marks struct {
	blocking bool   // @blocking: serve a function that is not async on a goroutine
	inline   bool   // @inline: serve an async function on the driver
	goName   string // @go Name: the name in Go
	docs     string // what is left of the documentation
}

// marks takes the instructions out of the documentation of anything but a function.
func (f *faults) marks(docs string, pos wit.Position) marks {
	m := f.readMarks(docs, pos)
	if m.blocking || m.inline {
		f.add(pos, ErrOption, "@blocking and @inline are for functions; remove them here")
	}
	return m
}

// funcMarks takes the instructions out of the documentation of a function.
func (f *faults) funcMarks(fn *wit.Func) marks {
	m := f.readMarks(fn.Docs, fn.Pos)
	if m.blocking && fn.Async {
		f.add(fn.Pos, ErrOption, "%s is async and so runs on a goroutine already; remove @blocking", fn.WireName())
	}
	if m.inline && !fn.Async {
		f.add(fn.Pos, ErrOption, "%s is not async and so is served inline already; remove @inline", fn.WireName())
	}
	return m
}

func (f *faults) readMarks(docs string, pos wit.Position) marks {
	var m marks
	var kept []string
	for line := range strings.SplitSeq(docs, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || !strings.HasPrefix(words[0], "@") {
			kept = append(kept, line)
			continue
		}
		switch {
		case len(words) == 1 && words[0] == "@blocking":
			m.blocking = true
		case len(words) == 1 && words[0] == "@inline":
			m.inline = true
		case len(words) == 2 && words[0] == "@go" && isExported(words[1]):
			m.goName = words[1]
		default:
			f.add(pos, ErrOption, "unknown instruction %q in the documentation; write @blocking, @inline or @go Name", strings.TrimSpace(line))
		}
	}
	m.docs = strings.Trim(strings.Join(kept, "\n"), "\n")
	return m
}

func isExported(name string) bool {
	for i, r := range name {
		letter := r >= 'A' && r <= 'Z' || i > 0 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
		if !letter {
			return false
		}
	}
	return name != ""
}

// blocking says which of a Go interface's methods may block, and which must not.
func (p *pkg) blocking(funcs []*wit.Func) string {
	var may, not []string
	for _, f := range funcs {
		if p.onGoroutine(f) {
			may = append(may, p.funcName(f))
		} else {
			not = append(not, p.funcName(f))
		}
	}
	const run, wait = " on goroutines of their own, and may block until ctx ends", " in place: the guest stands still meanwhile, so they must not block"
	switch {
	case len(funcs) == 0:
		return ""
	case len(not) == 0:
		return "Methods are called" + run + "."
	case len(may) == 0:
		return "Methods are called" + wait + "."
	case len(may) == 1:
		return may[0] + " is called on a goroutine of its own, and may block until ctx ends. The other methods are called" + wait + "."
	case len(not) == 1:
		return not[0] + " is called in place: the guest stands still meanwhile, so it must not block. The other methods are called" + run + "."
	}
	return strings.Join(may[:len(may)-1], ", ") + " and " + may[len(may)-1] + " are called" + run + ". The other methods are called" + wait + "."
}

// sentence makes a Go comment about name of documentation: noun phrases follow "is", verbs
// follow the name itself, and other text becomes a paragraph of its own after fallback.
func sentence(name, docs, fallback string) string {
	word, _, _ := strings.Cut(strings.ReplaceAll(docs, "\n", " "), " ")
	word = strings.TrimRight(word, ".,;:")
	switch {
	case docs == "":
		return name + " " + fallback
	case word == "A", word == "An", word == "The":
		return name + " is " + lowerFirst(docs)
	case strings.HasSuffix(word, "s") && isVerb(word):
		return name + " " + lowerFirst(docs)
	}
	return name + " " + fallback + "\n\n" + docs
}

// isVerb guesses whether the word that begins a sentence is a verb in the third person.
func isVerb(word string) bool {
	if word == "This" || word == "Its" || len(word) < 2 {
		return false
	}
	return word[0] >= 'A' && word[0] <= 'Z' && strings.ToLower(word[1:]) == word[1:]
}
