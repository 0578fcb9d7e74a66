package locked

// App is a locked application. It is plain data: whoever has one may change it,
// with the care that maps and slices need if it is shared.
type App struct {
	// Metadata describes the application. [App.Name] and the methods beside it
	// read what is known of it.
	Metadata Values

	// HostRequirements are the features that the app needs as a whole; see
	// Component.HostRequirements. They are seldom used.
	HostRequirements Values

	// Variables are the application variables by name.
	Variables map[string]Variable

	Triggers   []Trigger
	Components []Component
}

// Variable is an application variable. Guests see it only through the
// configuration of their component.
type Variable struct {
	Description string
	Default     *string // nil if something has to give a value
	Secret      bool
}

// Trigger is one entry of a trigger.
type Trigger struct {
	ID   string // may repeat
	Type string // such as "http"

	// Config is what belongs to the type of the trigger, with the id of the
	// component under "component".
	Config Values

	// Dependencies holds, by role, what is placed around the component. Once
	// [App.MoveTriggerDependencies] was called only roles without any are here.
	Dependencies map[string][]Dependency
}

// Component returns the id of the component that the trigger runs, empty if it
// runs none.
func (t *Trigger) Component() string {
	id, _ := t.Config["component"].(string)
	return id
}

// Component is a Wasm component with all that it is given.
type Component struct {
	ID string

	// Metadata holds grants and descriptions. [Component.AllowedOutboundHosts]
	// and the methods beside it read what is known of it.
	Metadata Values

	Source Source
	Env    map[string]string // environment variables of the guest
	Files  []Mount

	// Config holds the variables of the component: templates over those of the
	// application.
	Config map[string]string

	// Dependencies holds the components that provide imports of this one, by the
	// name that selects the imports, such as "acme:pay/api@1.0.0".
	Dependencies map[string]Dependency

	// TriggerDependencies holds, by role, what its trigger places around it.
	TriggerDependencies map[string][]Dependency

	// HostRequirements are the features that a host must have to run the
	// component, such as [ServiceChaining]. Any value means that the feature is
	// required; it is usually "required".
	HostRequirements Values
}

// Component returns the component of an id, nil if there is none. It points into
// the app.
func (a *App) Component(id string) *Component {
	for i := range a.Components {
		if a.Components[i].ID == id {
			return &a.Components[i]
		}
	}
	return nil
}

// byID returns the components by their ids.
func (a *App) byID() map[string]*Component {
	m := make(map[string]*Component, len(a.Components))
	for i := range a.Components {
		m[a.Components[i].ID] = &a.Components[i]
	}
	return m
}

// Dependency is a component that is composed with another one.
type Dependency struct {
	Source Source

	// Export is the export of the dependency that provides the imports; empty
	// for the one that has the name of the import.
	Export string

	Inherit Inherit
}

// Inherit says which grants of its component a dependency may use. The zero
// Inherit is none.
type Inherit struct {
	All  bool
	Sets []string // capability sets, unless All
}

// None reports whether nothing is inherited.
func (i Inherit) None() bool { return !i.All && len(i.Sets) == 0 }

// Source is a Wasm file.
type Source struct {
	ContentType string // [WasmContent]
	Content
}

// WasmContent is the content type of Wasm files.
const WasmContent = "application/wasm"

// Mount is content that the guest sees at a path.
type Mount struct {
	Content
	Path string
}

// TriggerTypes returns the types of the triggers, each once, in the order in which
// they appear first.
func (a *App) TriggerTypes() []string {
	var types []string
	seen := make(map[string]bool)
	for _, t := range a.Triggers {
		if !seen[t.Type] {
			seen[t.Type] = true
			types = append(types, t.Type)
		}
	}
	return types
}
