package manifest

// Manifest is a validated spin.toml. Nothing changes it after [Parse]; it is safe
// for concurrent reading.
type Manifest struct {
	File        string // as given to Parse or Load
	Version     int    // of the format that it is written in
	Profile     string // the build profile that was asked for; empty for none
	Application Application

	// Variables holds the [variables] of the application by name.
	Variables map[string]*Variable

	// Components holds the [component.ID] tables in the order of the file,
	// then the components that were written inside triggers.
	Components []*Component

	// Triggers holds the entries of all types: types in the order in which
	// they appear first, entries of one type in the order of the file.
	Triggers []*TriggerEntry

	// Warnings holds what works and should be written in another way, in the
	// order of the positions.
	Warnings []Warning

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
	Targets     []Target // for components without targets of their own

	// Triggers holds the settings of the [application.trigger.TYPE] tables by
	// type. They belong to the triggers.
	Triggers map[string]*Table

	// Tool holds the tables of other programs by name. They have no effect.
	Tool map[string]*Table

	Pos Position // of the table
}

// Variable is one of the application's variables. Guests see it only through the
// variables of their component.
type Variable struct {
	Name        string
	Description string
	Required    bool   // there is no default: something has to give a value
	Default     string // if not Required
	Secret      bool
	Pos         Position
}

// Text is a string of the manifest and where it stands.
type Text struct {
	Value string
	Pos   Position
}

// Warning is about something that works and should be written in another way.
type Warning struct {
	Pos Position
	Key string // dotted path
	Msg string // what to write instead, and why
}

// String returns file:line:column: key: message.
func (w Warning) String() string {
	s := w.Pos.String() + ": "
	if w.Key != "" {
		s += w.Key + ": "
	}
	return s + w.Msg
}
