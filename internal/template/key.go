package template

import "fmt"

// MaxKeyLength is the longest name that a variable may have, in bytes.
const MaxKeyLength = 1024

// KeyError says why a name cannot be a variable's.
type KeyError struct {
	Name   string
	Reason string // what is wrong, and what is right
}

func (e *KeyError) Error() string {
	return fmt.Sprintf("%s is not a variable name: %s", quote(e.Name), e.Reason)
}

// CheckKey checks the name of a variable as guests and expressions give it:
// lower-case letters, digits and single underscores, the first a letter and the
// last no underscore. The error is a [*KeyError].
//
// Names that manifests declare follow a stricter rule (each word between
// underscores starts with a letter), so that each of them passes.
func CheckKey(name string) error {
	if reason := keyFault(name); reason != "" {
		return &KeyError{Name: name, Reason: reason}
	}
	return nil
}

func keyFault(name string) string {
	switch {
	case name == "":
		return "it is empty; write a name such as api_key"
	case len(name) > MaxKeyLength:
		return fmt.Sprintf("it has more than %d bytes", MaxKeyLength)
	case name[0] < 'a' || name[0] > 'z':
		return "it must start with a lower-case letter"
	}
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			return "it has a capital letter; write lower-case letters only"
		case !isKeyByte(c):
			return "it may have lower-case letters, digits and underscores only"
		case c == '_' && name[i-1] == '_':
			return "it has two underscores in a row; write one"
		}
	}
	if name[len(name)-1] == '_' {
		return "it ends with an underscore; leave that out"
	}
	return ""
}

func isKeyByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_'
}
