package trigger

import (
	"context"
	"log/slog"
)

// Trigger is one kind of trigger.
type Trigger interface {
	// Kind is the name in [[trigger.KIND]].
	Kind() string
	// Load checks the entries of an app and prepares to serve them. Errors of entries should
	// be those that Entry.Decode and Entry.Errorf return, joined, so that all are reported
	// at once with their places. Load must not start anything.
	Load(ctx context.Context, h Host, entries []Entry) (Runner, error)
}

// Runner is a loaded trigger.
type Runner interface {
	// Run serves until ctx ends, and then lets what is in progress finish as far as the host
	// permits. It is called at most once.
	Run(ctx context.Context) error
}

// Entry is one [[trigger.KIND]] entry of the manifest.
type Entry struct {
	ID        string // unique in the app
	Component string // id of the component that it names; "" if it names none
	// Decode decodes the entry's other keys into a struct with toml tags. Unknown keys and
	// wrong types are errors that name file, line and column.
	Decode func(into any) error
	// Errorf makes an error at the place of a key of the entry, or of the entry itself if
	// key is "".
	Errorf func(key, format string, args ...any) error
}

// Settings are what the manifest says of all entries of one kind together: the table
// [application.trigger.KIND], or trigger in a manifest of version 1. They may be empty.
type Settings struct {
	// Decode decodes the keys into a struct with toml tags, as Entry.Decode does.
	Decode func(into any) error
	// Errorf makes an error at the place of a key, or of the table if key is "".
	Errorf func(key, format string, args ...any) error
}

// Host is the app, as a trigger sees it.
type Host interface {
	// App returns the app's name.
	App() string
	// Settings returns the settings of the trigger. Keys that stand there are an error of the
	// app if Load does not decode them, so that triggers without settings need not look.
	Settings() Settings
	// Component returns a component, loading it if this is the first time that it is asked
	// for. Components that no trigger asks for are never loaded.
	Component(id string) (Component, error)
	// Logger is for events of the trigger; never nil.
	Logger() *slog.Logger
}
