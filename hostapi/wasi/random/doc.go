// Package random implements wasi:random 0.2 and 0.3. All of it, what is called insecure too,
// comes from crypto/rand.
//
// The insecure seed is drawn when a component is bound: instances of one component share it,
// components do not.
package random
