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
// to which users add theirs. Guests are run by a [Runtime], of which one serves all apps of
// a process.
//
// # Errors
//
// What a manifest or a component does wrong is an [*Error] with its place. Requests that a
// guest fails to answer get an empty 500; why is told to Config.Logger.
package spin
