// Package variables gives components the variables that their manifest declares: it resolves
// them through providers, and serves fermyon:spin/config, fermyon:spin/variables,
// spin:variables/variables and wasi:config/store.
//
// # What guests see
//
// An application declares variables, and a component has variables of its own whose values are
// templates over those: "https://{{ host }}" is the value of the application variable host
// behind a scheme. Guests see the component's only. Values are resolved afresh each time that a
// guest asks.
//
// # Where values come from
//
// A [Resolver] asks its providers in order. The first that has a value wins; one that fails ends
// the search, since a value of a later one would be a surprise. If none has a value the default of
// the declaration counts; without default the variable is required, and has no value.
//
// [Static] provides fixed values, [Environ] those of environment variables and of a .env file,
// which a program hands in: this package looks at no environment by itself. Anything else is a
// [Provider] of one's own.
//
// A provider that takes its time holds up nobody but who asks, if the guest asks by
// spin:variables. The other interfaces are not async: nothing else of the guest's instance runs
// meanwhile, other instances do.
//
// # Secrets
//
// A [Value] that is secret shows itself to nobody but who calls Reveal: not in errors, not in
// logs, not to package fmt. See [Provider] for what is told of a provider's failure.
//
// The rules are those of Spin's documentation, "Application Variables" and "Dynamic and Runtime
// Application Configuration".
package variables
