// Package spin hosts Spin applications in Go programs: WebAssembly components, described by a
// spin.toml, that answer HTTP requests.
//
// # Serve an app
//
// An [App] is an [http.Handler]:
//
//	app, err := spin.Load(ctx, "spin.toml", nil)
//	if err != nil {
//		log.Fatal(err) // every fault of the manifest, with file, line and what to write instead
//	}
//	defer app.Close(ctx) // waits for running requests, up to ctx
//	http.ListenAndServe("127.0.0.1:3000", app)
//
// [App.Run] serves all triggers of an app on their own, with limits for slow clients and a
// graceful end.
//
// # Configure
//
// [Config] says where files come from, what the guests may take, and what they can reach:
// its HostAPIs are the host interfaces, its Triggers what can stand in [[trigger.KIND]].
// Both are values; [DefaultHostAPIs] and [DefaultTriggers] return those that come with spin,
// to which users add theirs. What those who run a program say in a file, as package
// runtimeconfig reads it, is its RuntimeConfig, built by the types of [RuntimeTypes]. Guests are
// run by a [Runtime], of which one serves all apps of a process.
//
// # Errors
//
// [Load] reports all faults of an app at once, a line for each, with file, line and column of
// what to change: as [manifest.Errors] for the text of the manifest, as [*Error] for what it
// names, such as a component that imports what the host does not provide ([*ImportError]) or
// that is none ([ErrNotComponent]).
//
// Requests that a guest fails to answer get an empty 500, and those for which there is no room
// an empty 503; why is told to Config.Logger. A guest that traps, computes for ever or never
// answers harms those requests only that share its instance.
//
// # Concurrency and ownership
//
// An App and a Runtime are safe for concurrent use. Who makes one closes it: the apps first,
// then the runtime. [App.Stats] shows what is live, and is zero after [App.Close].
package spin
