package locked

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Features that an app can require of its host.
const (
	// ServiceChaining means that the component calls other components of the
	// app, at hosts that end in .spin.internal.
	ServiceChaining = "local_service_chaining"
	// Middleware means that its trigger places other components around the
	// component.
	Middleware = "middleware"
)

// Required and Optional are values of requirements. Any value but Optional
// requires the feature.
const (
	Required = "required"
	Optional = "optional"
)

// knownFeatures are those that Parse lets an app require.
var knownFeatures = []string{ServiceChaining, Middleware}

// RequirementError says what an app needs and its host does not have. It matches
// [ErrRequirement].
type RequirementError struct {
	TriggerType string
	Features    []string // sorted, each once
}

// Error names the features.
func (e *RequirementError) Error() string {
	features := make([]string, len(e.Features))
	for i, f := range e.Features {
		features[i] = wording.Quote(f)
	}
	return fmt.Sprintf("the app needs a host that supports %s for triggers of type %q: remove what needs it, or run the app on such a host",
		strings.Join(features, ", "), e.TriggerType)
}

// Unwrap returns ErrRequirement.
func (e *RequirementError) Unwrap() error { return ErrRequirement }

// CheckRequirements compares what is needed to run the triggers of one type with
// what the host supports for it: the requirements of the app, and those of the
// components that these triggers run. The error is a [*RequirementError].
func (a *App) CheckRequirements(triggerType string, supported ...string) error {
	unmet := make(map[string]bool)
	check := func(required Values) {
		for feature, value := range required {
			if value != Optional && !slices.Contains(supported, feature) {
				unmet[feature] = true
			}
		}
	}
	check(a.HostRequirements)
	components := a.byID()
	for _, t := range a.Triggers {
		if t.Type != triggerType {
			continue
		}
		if c := components[t.Component()]; c != nil {
			check(c.HostRequirements)
		}
	}
	if len(unmet) == 0 {
		return nil
	}
	return &RequirementError{triggerType, slices.Sorted(maps.Keys(unmet))}
}

// Sections of the text that a host must understand if the app says so.
const (
	mustAppRequirements       = "host_requirements"
	mustComponentRequirements = "component_host_requirements"
)

// MustUnderstand lists the sections that a host must understand: those with
// requirements.
func (a *App) MustUnderstand() []string {
	var sections []string
	if len(required(a.HostRequirements)) > 0 {
		sections = append(sections, mustAppRequirements)
	}
	if slices.ContainsFunc(a.Components, func(c Component) bool { return len(required(c.HostRequirements)) > 0 }) {
		sections = append(sections, mustComponentRequirements)
	}
	return sections
}

// required returns the requirements without those that are optional, nil for none.
func required(v Values) Values {
	var kept Values
	for feature, value := range v {
		if value == Optional {
			continue
		}
		if kept == nil {
			kept = make(Values)
		}
		kept[feature] = value
	}
	return kept
}
