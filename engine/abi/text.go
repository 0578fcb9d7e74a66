package abi

import (
	"fmt"
	"strings"
)

// The following are the texts of values whose types are generated from WIT.

// EnumString returns the label of case v.
func EnumString(labels []string, v uint32) string {
	if uint64(v) < uint64(len(labels)) {
		return labels[v]
	}
	return fmt.Sprintf("invalid(%d)", v)
}

// FlagsString lists the labels of the bits that are set in v, as in "{read, write}".
func FlagsString(labels []string, v uint32) string {
	var set []string
	for i, l := range labels {
		if v>>i&1 == 1 {
			set = append(set, l)
		}
	}
	return "{" + strings.Join(set, ", ") + "}"
}

// CaseString returns the text of a variant's case with its payload, if that is not nil.
func CaseString(label string, payload any) string {
	if payload == nil {
		return label
	}
	return fmt.Sprintf("%s(%v)", label, payload)
}

// RecordString returns the text of a record with these fields.
func RecordString(name string, labels []string, values ...any) string {
	fields := make([]string, min(len(labels), len(values)))
	for i := range fields {
		fields[i] = fmt.Sprintf("%s: %v", labels[i], values[i])
	}
	return name + "{" + strings.Join(fields, ", ") + "}"
}
