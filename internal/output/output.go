// Package output brings what components print to where it goes: writers of the embedder's or the
// log, and files besides.
package output

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// Output is where the components of an app print. It is safe for concurrent use. Its user closes it
// when nobody prints any more.
type Output struct {
	// Stdout and Stderr return where the output of a component goes; nil means Log. Each is called
	// once for a component.
	Stdout, Stderr func(component string) io.Writer
	Log            *slog.Logger // nil discards
	Dir            string       // of files: ID_stdout.txt and ID_stderr.txt; "" means that there are none

	mu    sync.Mutex
	all   map[string]Streams
	close []func()
}

// Streams are where one component prints, be it by a dependency.
type Streams struct{ Stdout, Stderr io.Writer }

// MakeDir makes a folder for files, and returns its name, which holds whatever becomes of the
// working directory.
func MakeDir(name string) (string, error) {
	dir, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o755)
}

// Of returns where a component prints.
func (o *Output) Of(component string) Streams {
	o.mu.Lock()
	defer o.mu.Unlock()
	s, ok := o.all[component]
	if !ok {
		s = Streams{o.stream(o.Stdout, component, "stdout"), o.stream(o.Stderr, component, "stderr")}
		if o.all == nil {
			o.all = map[string]Streams{}
		}
		o.all[component] = s
	}
	return s
}

// Close logs what has come without an end of line, and closes files.
func (o *Output) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.close {
		f()
	}
	o.close = nil
}

func (o *Output) stream(to func(component string) io.Writer, component, name string) io.Writer {
	log := slog.New(slog.DiscardHandler)
	if o.Log != nil {
		log = o.Log.With("component", component, "stream", name)
	}
	var w io.Writer
	switch {
	case to != nil:
		w = to(component)
	case o.Log == nil:
		w = io.Discard
	default:
		lines := &logWriter{log: log}
		o.close = append(o.close, lines.flush)
		w = lines
	}
	if o.Dir == "" {
		return w
	}
	// Ids have nothing but letters, digits and hyphens.
	return o.filed(w, filepath.Join(o.Dir, component+"_"+name+".txt"), log)
}
