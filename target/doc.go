// Package target tells whether an application fits the environments that it is
// meant to run on, before it is deployed there. It is data and decisions: it runs
// nothing and links no engine.
//
// An environment is described by a definition, a TOML document that names for each
// type of trigger the worlds of which a component must implement one, and features
// that the host has:
//
//	[triggers.http]
//	worlds = ["acme:host/http@1.2.0", { path = "wit", world = "acme:host/http-legacy@1.0.0" }]
//	capabilities = ["local_service_chaining"]
//	[default]
//	worlds = ["acme:host/platform@1.2.0"]
//
// # Read definitions
//
// [Parse] reads a definition. A [Loader] finds the one that a manifest refers to, by
// name in a [Catalogue], by URL or by path, with the WIT of its worlds.
//
// # Check an application
//
// [Check] compares an [App] with environments and reports all that is missing, with
// what to change. Imports and exports of its components are given by the caller as
// names and types, in the text form of package hostapi/wit, which is that of package
// engine too.
//
// A component conforms to a world if it imports nothing that the world does not
// import, and exports everything that the world exports. Interfaces match if they
// have the same name and compatible versions: 0.2.1 and 0.2.6, not 0.2.0 and 0.3.0,
// and prereleases only themselves. Functions must have the same types, in which named
// types are expanded; resources count by their names.
//
// # Describe a host
//
// [Write] makes the definition of a host from what it offers, with WIT, so that
// others can check their components against it.
package target
