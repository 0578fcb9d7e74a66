package main

import (
	"fmt"
	"strings"
)

// api is a version of an interface, and how it is called.
type api struct {
	id     string
	also   string // is imported before, as text, and has no resource but those that are exported
	types  string // of the instance, as text
	behind string // is imported behind, as text
	canon  string // canonical functions that steps call as well, as text
	calls  []step
	name   string // of the file, if it is not that of the id
}

// step is a call, after those that it needs.
type step struct {
	after []step
	of    string // the instance whose function it is; empty for the interface itself
	name  string
	sig   string // as text; parameters and result
	// args says what the core function is given, by words: S is a text, E an empty list, N an option
	// without value that has a text, 0 and 1 are these, L is a long 0, F a 0 with a fraction, Hn is
	// the handle in the result of step n, Dn what step n returned directly, R where the result goes.
	args string
	// read says what the result is: a result whose error's case is a byte at an offset, and perhaps
	// the error's text at another, "r4" or "r4+8"; "list", "option", or "direct".
	read string
}

// file is the name of the component's file.
func (a api) file() string {
	if a.name != "" {
		return a.name
	}
	return strings.NewReplacer(":", "-", "/", "-", "@", "-", ".", "-").Replace(a.id)
}

// Where things are in the memory of a component.
const (
	textAt   = 1024 // "default"
	resultAt = 128  // of try
	stepsAt  = 2048 // results of steps
	stepSize = 256
)

// wat makes the component's text.
func (a api) wat() string {
	var types, lowered, imports, with, bodies strings.Builder
	seen := map[string]bool{}
	other := map[string]*strings.Builder{}
	var add func(s step)
	add = func(s step) {
		for _, b := range s.after {
			add(b)
		}
		if seen[s.of+s.name] || s.sig == "" {
			return
		}
		seen[s.of+s.name] = true
		export := fmt.Sprintf("    (export %q (func %s))\n", s.name, s.sig)
		from := "api"
		if s.of == "" {
			types.WriteString(export)
		} else {
			from = s.of
			if other[from] == nil {
				other[from] = &strings.Builder{}
			}
			other[from].WriteString(export)
		}
		fmt.Fprintf(&lowered, "  (core func $%s (canon lower (func $%s %q) (memory $m) (realloc $realloc)))\n", s.core(), from, s.name)
	}
	for k, c := range a.calls {
		add(c)
		fmt.Fprintf(&bodies, "    (if (i32.eq (local.get $which) (i32.const %d)) (then\n", k)
		for at, s := range append(c.after[:len(c.after):len(c.after)], c) {
			bodies.WriteString("      " + s.call(at) + "\n")
		}
		fmt.Fprintf(&bodies, "      %s\n      (return (i32.const %d))))\n", c.reading(stepsAt+stepSize*len(c.after)), resultAt)
	}
	seen = map[string]bool{}
	var link func(s step)
	link = func(s step) {
		for _, b := range s.after {
			link(b)
		}
		if !seen[s.core()] {
			seen[s.core()] = true
			fmt.Fprintf(&imports, "    (import \"host\" %q (func $%s %s))\n", s.core(), s.core(), s.coreType())
			fmt.Fprintf(&with, " (export %q (func $%s))", s.core(), s.core())
		}
	}
	for _, s := range a.calls {
		link(s)
	}
	also, behind := a.also, a.behind
	for from, exports := range other {
		place := "    (exports of " + from + ")\n"
		also, behind = strings.ReplaceAll(also, place, exports.String()), strings.ReplaceAll(behind, place, exports.String())
	}
	return fmt.Sprintf(`(component
%s  (import %q (instance $api
%s%s  ))
%s  (core module $memory
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 8192))
    (func (export "realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (local.get $at)))
  (core instance $mem (instantiate $memory))
  (alias core export $mem "memory" (core memory $m))
  (alias core export $mem "realloc" (core func $realloc))
%s%s  (core module $main
    (import "mem" "memory" (memory 1))
%s    (data (i32.const %d) "default")
    ;; Notes the case of an error, or that there is none, and the error's text if it is known where.
    (func $note (param $at i32) (param $case i32) (param $text i32)
      (if (i32.eqz (i32.load8_u (local.get $at))) (then (return)))
      (i32.store (i32.const %d) (i32.add (i32.const 1) (i32.load8_u (i32.add (local.get $at) (local.get $case)))))
      (if (local.get $text) (then
        (i64.store (i32.const %d) (i64.load (i32.add (local.get $at) (local.get $text)))))))
    (func (export "try") (param $which i32) (result i32)
%s    unreachable))
  (core instance $i (instantiate $main
    (with "mem" (instance $mem))
    (with "host" (instance%s))))
  (func $try async (param "which" u32) (result (tuple u32 string)) (canon lift (core func $i "try") (memory $m) (realloc $realloc)))
  (instance $out (export "try" (func $try)))
  (export "acme:try/calls@1.0.0" (instance $out))
)
`, also, a.id, a.types, types.String(), behind, lowered.String(), a.canon, imports.String(), textAt, resultAt, resultAt+4, bodies.String(), with.String())
}

// core is the name of a core function.
func (s step) core() string {
	return strings.NewReplacer("[", "", "]", "-").Replace(s.of + "." + s.name)
}

// coreType is the type of the core function.
func (s step) coreType() string {
	t := "(param"
	for a := range strings.FieldsSeq(s.args) {
		switch a[0] {
		case 'S', 'E':
			t += " i32 i32"
		case 'N':
			t += " i32 i32 i32"
		case 'L':
			t += " i64"
		case 'F':
			t += " f32"
		default:
			t += " i32"
		}
	}
	t += ")"
	switch s.read {
	case "direct":
		t += " (result i32)"
	case "pair":
		t += " (result i64)"
	}
	return t
}

// call is a step whose result goes to its own place.
func (s step) call(at int) string {
	c := "(call $" + s.core()
	place := stepsAt + stepSize*at
	for a := range strings.FieldsSeq(s.args) {
		switch a[0] {
		case 'S':
			c += fmt.Sprintf(" (i32.const %d) (i32.const %d)", textAt, len("default"))
		case 'E':
			c += " (i32.const 0) (i32.const 0)"
		case 'N':
			c += " (i32.const 0) (i32.const 0) (i32.const 0)"
		case 'L':
			c += " (i64.const 0)"
		case 'F':
			c += " (f32.const 0)"
		case 'R':
			c += fmt.Sprintf(" (i32.const %d)", place)
		case 'H':
			c += fmt.Sprintf(" (i32.load (i32.const %d))", stepsAt+stepSize*int(a[1]-'0')+4)
		case 'D':
			c += fmt.Sprintf(" (i32.load (i32.const %d))", stepsAt+stepSize*int(a[1]-'0'))
		default:
			c += fmt.Sprintf(" (i32.const %s)", a)
		}
	}
	c += ")"
	switch s.read {
	case "direct":
		c = fmt.Sprintf("(i32.store (i32.const %d) %s)", place, c)
	case "pair":
		c = fmt.Sprintf("(i64.store (i32.const %d) %s)", place, c)
	}
	return c
}

// reading notes what the result of the last step is.
func (s step) reading(place int) string {
	switch s.read {
	case "direct", "void":
		return ""
	case "list":
		return fmt.Sprintf("(i32.store (i32.const %d) (i32.load (i32.const %d)))", resultAt, place+4)
	case "option":
		return fmt.Sprintf("(i32.store (i32.const %d) (i32.load8_u (i32.const %d)))", resultAt, place)
	}
	var errCase, text int
	if _, err := fmt.Sscanf(s.read, "r%d+%d", &errCase, &text); err != nil {
		if _, err := fmt.Sscanf(s.read, "r%d", &errCase); err != nil {
			panic(s.name + ": " + s.read)
		}
	}
	return fmt.Sprintf("(call $note (i32.const %d) (i32.const %d) (i32.const %d))", place, errCase, text)
}
