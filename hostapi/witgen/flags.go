package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/spinhost/spin/hostapi/witgen/internal/gen"
)

// usage is what -h tells before the flags.
const usage = `Witgen makes a Go package of a WIT package: an interface for hosts to implement, and what lets
guests call it. The folder that it writes to is usually that of the go:generate line which runs it:

	//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ./wit -package acme:geo@1.0.0

Then implement the Go interface, here Lookup of the WIT interface lookup, and register it:

	hostapi.Interface{ID: geo.LookupID, Bind: func(*hostapi.Scope) (*abi.Interface, error) {
		return geo.ServeLookup(implementation), nil
	}}

Lines of their own in the documentation of WIT tell more:

	/// @blocking  on a function that is not async: it runs on a goroutine, since it may block
	/// @inline    on an async function: it is called in place, since it does not block
	/// @go Name   on anything: its name in Go

Flags:
`

// parse reads the command line. Usage goes to w.
func parse(args []string, w io.Writer) (*command, error) {
	flags := flag.NewFlagSet("witgen", flag.ContinueOnError)
	flags.SetOutput(w)
	flags.Usage = func() {
		fmt.Fprint(w, usage)
		flags.PrintDefaults()
	}
	dirs := flags.String("wit", "wit", "folders of WIT packages, `DIR,...`, each with its deps; DIR/... means DIR and every folder below it")
	id := flags.String("package", "", "`ID` of the WIT package, such as acme:geo@1.0.0; may be left out if the folders hold one")
	interfaces := flags.String("interfaces", "", "`NAME,...` of the interfaces that a host implements; all but -exports if it is left out, \"none\" for none")
	exports := flags.String("exports", "", "`NAME,...` of the interfaces that guests implement and a host calls")
	name := flags.String("go", "", "`NAME` of the Go package; if it is left out, that of the Go files in the folder, or of the WIT package")
	out := flags.String("o", ".", "`DIR` for the files; generated ones that are not needed any more are removed from it")
	use := flags.String("use", "", "`ID=PATH,...`: import paths of Go packages that were generated from other WIT packages or single interfaces")
	same := flags.String("same", "", "`ID=PATH,...`: import paths of Go packages that were generated from other versions of the WIT package, whose types are used where the versions agree")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	c := &command{wit: list(*dirs), out: *out}
	c.opts = gen.Options{Package: *id, Exports: list(*exports), GoPackage: *name}
	switch {
	case flags.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q: there are only flags, which -h lists", flags.Arg(0))
	case len(c.wit) == 0:
		return nil, errors.New("-wit is empty: name the folders of WIT")
	case *interfaces == "none":
		c.opts.Interfaces = []string{}
	default:
		c.opts.Interfaces = list(*interfaces)
	}
	var err error
	if c.opts.Use, err = paths("use", *use); err == nil {
		c.opts.Same, err = paths("same", *same)
	}
	return c, err
}

// paths splits what a flag says about Go packages.
func paths(name, s string) (map[string]string, error) {
	m := map[string]string{}
	for _, u := range list(s) {
		from, to, ok := strings.Cut(u, "=")
		if !ok || to == "" {
			return nil, fmt.Errorf("-%s %s: write ID=PATH, such as -%[1]s wasi:io@0.2.12=example.com/io", name, u)
		}
		m[from] = to
	}
	return m, nil
}

// list splits a list at commas; an empty text is nil.
func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
