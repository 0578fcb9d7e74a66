// Package profile decides how a build profile changes a component.
//
// A profile is a name that is chosen for the whole application. Components that
// define it are built and run with other settings, the rest as ever; profiles do
// not build on one another. See
// https://spinframework.dev/build#building-with-profiles.
//
// # Find out whether a profile exists
//
// [Check] refuses a name that no component defines, which is a typing mistake, and
// not a wish for settings without profile.
//
// # Apply a profile
//
// [Overlay.Apply] gives the settings of one component under one profile. How a
// source and a dependency are represented is up to the caller.
//
// All functions are pure: they change nothing that they are given, and results may
// share what the arguments refer to.
package profile
