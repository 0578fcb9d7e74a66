package mounts

import (
	"errors"
	"io/fs"
	"path"

	"github.com/spinhost/spin/internal/wording"
)

// Mount is a folder that a guest sees.
type Mount struct {
	Guest  string // the path as the manifest has it, such as / or static
	Source string // path below the app's folder
	FS     fs.FS  // what is in it; symbolic links lead nowhere outside
}

// Direct returns one mount for each entry, all of which have to be folders. A
// plain string is the guest path too. The error is [Errors] with every fault.
func Direct(app fs.FS, spec Spec) ([]Mount, error) {
	if len(spec.Files) > maxEntries || len(spec.Exclude) > maxEntries {
		return nil, tooManyEntries(spec)
	}
	var f faults
	for _, x := range spec.Exclude {
		f.add(x.fault(ErrExclude, "cannot be excluded, as folders are mounted as they are",
			"remove it, or have the files copied instead of mounted directly"))
	}
	var list []Mount
	taken := make(map[string]bool)
	for _, e := range spec.Files {
		m, fault := direct(app, e)
		if place := path.Join("/", m.Guest); fault == nil && taken[place] {
			fault = e.fault(ErrDestination, "is mounted at "+wording.Quote(m.Guest)+", as an entry before it is", "give it another destination")
		} else if fault == nil {
			taken[place] = true
		}
		if fault != nil {
			f.add(fault)
			continue
		}
		list = append(list, m)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return list, nil
}

func direct(app fs.FS, e Entry) (Mount, *Error) {
	source, fault := checkSource(e)
	if fault != nil {
		return Mount{}, fault
	}
	guest := e.Source
	if e.Table {
		if _, fault := checkDestination(e, false); fault != nil {
			return Mount{}, fault
		}
		if guest = e.Destination; guest == "" {
			return Mount{}, e.fault(ErrDestination, "has an empty destination", `write destination = "/"`)
		}
	}
	real, info, err := resolve(app, ".", source)
	switch {
	case errors.Is(err, ErrEscape), errors.Is(err, ErrLink):
		return Mount{}, e.linkFault(source, false, err)
	case errors.Is(err, fs.ErrNotExist):
		return Mount{}, e.fault(err, "does not exist", "name a folder below that of the manifest")
	case err != nil:
		return Mount{}, e.fault(err, "cannot be read: "+err.Error(), "")
	case !info.IsDir():
		return Mount{}, e.fault(ErrKind, "is no folder", "name a folder, or have the files copied instead of mounted directly")
	}
	sub, err := fs.Sub(app, real)
	if err != nil {
		return Mount{}, e.fault(err, "cannot be read: "+err.Error(), "")
	}
	return Mount{guest, source, &confined{sub}}, nil
}
