package variables

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// DefaultPrefix is what the names of environment variables begin with if nothing else is said:
// the variable api_key is SPIN_VARIABLE_API_KEY there.
const DefaultPrefix = "SPIN_VARIABLE"

// Environ returns a provider of the values of environment variables: of api_key that of
// PREFIX_API_KEY. An empty prefix means DefaultPrefix.
//
// lookup is asked first, each time anew: programs pass [os.LookupEnv]. What it does not have is
// looked for in file, which [ReadDotenv] returns. Either may be nil.
func Environ(prefix string, lookup func(name string) (string, bool), file *Dotenv) Provider {
	if prefix == "" {
		prefix = DefaultPrefix
	}
	return environ{prefix, lookup, file}
}

type environ struct {
	prefix string
	lookup func(string) (string, bool)
	file   *Dotenv
}

var errNotUTF8 = errors.New("the value is not UTF-8")

// Get implements Provider.
func (p environ) Get(_ context.Context, name string) (string, bool, error) {
	key := p.key(name)
	if p.lookup != nil {
		if v, ok := p.lookup(key); ok {
			if !utf8.ValidString(v) {
				return "", false, safe{fmt.Errorf("%s: %w", key, errNotUTF8)}
			}
			return v, true, nil
		}
	}
	v, ok := p.file.Lookup(key)
	return v, ok, nil
}

// MayResolve implements Checker.
func (p environ) MayResolve(name string) bool {
	_, ok, err := p.Get(context.Background(), name)
	return ok || err != nil // an error is for Get to tell
}

func (p environ) key(name string) string { return p.prefix + "_" + strings.ToUpper(name) }

func (p environ) hint(name string) string { return "set " + p.key(name) + " in the environment" }

// String implements fmt.Stringer.
func (p environ) String() string { return "environment variables " + p.prefix + "_*" }

// safe is an error whose text holds no value.
type safe struct{ error }

// SafeText returns the text.
func (s safe) SafeText() string { return s.Error() }
func (s safe) Unwrap() error    { return s.error }
