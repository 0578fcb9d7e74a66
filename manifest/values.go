package manifest

import (
	"fmt"

	"github.com/spinhost/spin/internal/tomltree"
)

// texts returns the strings of an array with their places. A check may say what is
// wrong with one.
func (s section) positioned(key string, check func(string) string) []Text {
	var list []Text
	for _, n := range s.textNodes(key) {
		text := n.Value.(string)
		if problem := check(text); problem != "" {
			s.add(n.Pos, s.at(key), nil, problem)
		}
		list = append(list, Text{text, n.Pos})
	}
	return list
}

func notEmpty(what string) func(string) string {
	return func(text string) string {
		if text == "" {
			return what + " is empty: remove it, or fill it in"
		}
		return ""
	}
}

// variables reads the variables of the application.
func (s section) variables() map[string]*Variable {
	variables := make(map[string]*Variable)
	table, ok := s.subsection("variables")
	if !ok {
		return variables
	}
	for i, f := range table.table.Fields {
		if i == maxVariables {
			s.add(f.Pos, table.path, ErrLimit, fmt.Sprintf("the application has more than %d variables", maxVariables))
			break
		}
		if problem := lowerSnake.check(f.Key); problem != "" {
			s.add(f.Pos, table.at(f.Key), nil, problem)
		}
		variables[f.Key] = &Variable{Name: f.Key, Pos: f.Pos}
		if v, ok := table.subsection(f.Key); ok {
			variables[f.Key] = v.variable(f)
		}
	}
	return variables
}

var variableKeys = []keyRule{{name: "default"}, {name: "required"}, {name: "secret"}, {name: "description"}}

// variable reads one variable, which has a default or is required.
func (s section) variable(f tomltree.Field) *Variable {
	s.check(variableKeys)
	v := &Variable{
		Name: f.Key, Description: s.text("description"), Default: s.defaultText(),
		Required: s.flag("required"), Secret: s.flag("secret"), Pos: f.Pos,
	}
	d := s.table.Get("default")
	switch {
	case d != nil && v.Required:
		s.add(d.Pos, s.path, nil, `a variable with a default is not required: remove "required" or "default"`)
	case d == nil && !v.Required:
		s.add(f.Pos, s.path, ErrMissingKey, `the variable has neither a value nor is one demanded: add default = "..." or required = true`)
	}
	return v
}

// defaultText returns the default of a variable. Messages do not repeat that of a secret.
func (s section) defaultText() string {
	d, secret := s.table.Get("default"), s.table.Get("secret")
	if d != nil && d.Node.Kind != tomltree.String && secret != nil && secret.Node.Value != false {
		s.add(d.Node.Pos, s.at("default"), nil, "must be a string, not "+d.Node.Kind.String()+": write it in quotes")
		return ""
	}
	return s.text("default")
}

func (s section) flag(key string) bool {
	f := s.field(key, tomltree.Boolean, "a boolean")
	return f != nil && f.Node.Value.(bool)
}

// templates reads the variables of a component.
func (s section) templates(key string) map[string]Text {
	templates := make(map[string]Text)
	table, ok := s.subsection(key)
	if !ok {
		return templates
	}
	for _, f := range table.table.Fields {
		if problem := lowerSnake.check(f.Key); problem != "" {
			s.add(f.Pos, table.at(f.Key), nil, problem)
		}
		templates[f.Key] = Text{table.text(f.Key), f.Node.Pos}
	}
	return templates
}
