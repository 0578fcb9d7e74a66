package manifest

import "github.com/spinhost/spin/capability"

// Manifest is a validated spin.toml. Nothing changes it after [Parse]; it is safe
// for concurrent reading.
type Manifest struct {
	File        string // as given to Parse or Load
	Application Application

	// Components holds the [component.ID] tables in the order of the file,
	// then the components that were written inside triggers.
	Components []*Component

	// Triggers holds the entries of all types: types in the order in which
	// they appear first, entries of one type in the order of the file.
	Triggers []*TriggerEntry

	byID map[string]*Component
}

// Component returns the component of an id; false if there is none.
func (m *Manifest) Component(id string) (*Component, bool) {
	c, ok := m.byID[id]
	return c, ok
}

// TriggerTypes returns the types of the triggers, each once, in the order of
// Triggers.
func (m *Manifest) TriggerTypes() []string {
	var types []string
	for _, t := range m.Triggers {
		if len(types) == 0 || types[len(types)-1] != t.Type {
			types = append(types, t.Type)
		}
	}
	return types
}

// TriggersOf returns the entries of one type in the order of the file.
func (m *Manifest) TriggersOf(triggerType string) []*TriggerEntry {
	var entries []*TriggerEntry
	for _, t := range m.Triggers {
		if t.Type == triggerType {
			entries = append(entries, t)
		}
	}
	return entries
}

// Application is the [application] table.
type Application struct {
	Name        string // may be empty
	Version     string // by convention a semantic version
	Description string
	Authors     []string
	Pos         Position // of the table
}

// Component is a [component.ID] table, or one that was written inside a trigger
// and got a generated id.
type Component struct {
	ID          string
	Description string

	// Source is the path of the Wasm file as written: relative to the folder of
	// the manifest, or absolute. Whether it exists is not checked.
	Source string

	// Environment holds the variables that the guest sees, and no others.
	Environment map[string]string

	// AllowedOutboundHosts decides what the component may connect to. It is
	// never nil; a component without list may connect to nothing.
	AllowedOutboundHosts *capability.Hosts

	// Build is nil if the component has no build table. It has no effect when
	// the app runs.
	Build *Build

	Pos       Position // of the table
	SourcePos Position // of the value of source
}

// Build is how to make a component's Wasm file.
type Build struct {
	Command []string // shell commands to run one after the other
	Workdir string   // relative to the folder of the manifest; empty for that folder
	Watch   []string // glob patterns relative to Workdir
}
