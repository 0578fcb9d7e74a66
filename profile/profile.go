package profile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Component is what a profile can change of a component. S is its source, D one of
// its dependencies.
type Component[S, D any] struct {
	Source       S
	Environment  map[string]string
	Dependencies []D
	Build        *Build // nil if there is nothing to build
}

// Build is how to make a component's Wasm file.
type Build struct {
	Command []string // shell commands to run one after the other
	Single  bool     // the command is written as a string, not as an array
	Workdir string   // relative to the folder of the manifest; empty for that folder
	Watch   []string // glob patterns relative to Workdir
}

// Overlay is what a profile says about a component. The zero Overlay changes
// nothing.
type Overlay[S, D any] struct {
	Source       *S // replaces the source
	Environment  map[string]string
	Dependencies []D
	Command      *Command // replaces the build command
}

// Command is a build command.
type Command struct {
	Lines  []string
	Single bool // as in [Build]
}

// Apply returns the settings of a component under the profile. Environment
// variables and dependencies are added to those of the component, and replace as a
// whole those of the same name; name gives the name of a dependency. Of the build,
// only the command is replaced. A component without build gets one.
func (o Overlay[S, D]) Apply(base Component[S, D], name func(D) string) Component[S, D] {
	if o.Source != nil {
		base.Source = *o.Source
	}
	if len(o.Environment) > 0 {
		env := make(map[string]string, len(base.Environment)+len(o.Environment))
		maps.Copy(env, base.Environment)
		maps.Copy(env, o.Environment)
		base.Environment = env
	}
	base.Dependencies = merge(base.Dependencies, o.Dependencies, name)
	if o.Command != nil {
		build := Build{}
		if base.Build != nil {
			build = *base.Build
		}
		build.Command, build.Single = o.Command.Lines, o.Command.Single
		base.Build = &build
	}
	return base
}

// merge puts replacements where the replaced ones are, and additions behind.
func merge[D any](base, over []D, name func(D) string) []D {
	if len(over) == 0 {
		return base
	}
	merged := slices.Clone(base)
	index := make(map[string]int, len(base)+len(over))
	for i, d := range base {
		index[name(d)] = i
	}
	for _, d := range over {
		n := name(d)
		if i, ok := index[n]; ok {
			merged[i] = d
			continue
		}
		index[n] = len(merged)
		merged = append(merged, d)
	}
	return merged
}

// UndefinedError says that no component defines a profile.
type UndefinedError struct {
	Name    string
	Defined []string // sorted, each once; may be empty
}

// Error names the profiles that there are.
func (e *UndefinedError) Error() string {
	if len(e.Defined) == 0 {
		return fmt.Sprintf("there is no profile %q, as no component defines any", e.Name)
	}
	return fmt.Sprintf("there is no profile %q: choose one of %s", e.Name, strings.Join(e.Defined, ", "))
}

// Check refuses a profile that is not among those that components define, which may
// repeat. The empty name stands for no profile and is always right. The error is an
// [*UndefinedError].
func Check(name string, defined []string) error {
	if name == "" || slices.Contains(defined, name) {
		return nil
	}
	sorted := slices.Sorted(slices.Values(defined))
	return &UndefinedError{name, slices.Compact(sorted)}
}
