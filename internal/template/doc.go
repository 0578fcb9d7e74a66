// Package template reads the expressions that manifests may have in the values
// of component variables, in allowed hosts and in addresses of triggers: text in
// which {{ name }} stands for the value of an application variable.
//
// What follows "{{" up to the next "}}" is a name, without the space around it.
// There is no escape, no filter and no nesting; a "{" or "}" alone, and a "}}"
// that closes nothing, are text. Values are put in as they are and never read as
// templates again, so that expressions cannot loop.
//
// [Parse] accepts any name, as only the caller knows which there are; [CheckKey]
// tells whether a name can be a variable's at all.
//
// The rules are those of Spin's documentation, "Application Variables".
package template
