// Package trigger is the contract between an app and what makes its components run: the
// HTTP trigger, a queue, a timer. Triggers that come with spin and those of its users are the
// same to it.
//
// # Write a trigger
//
// A [Trigger] is made for one kind of [[trigger.KIND]] entries in spin.toml. When an app is
// loaded, its Load method gets these entries, decodes and checks them, and finds the
// components that they name through the [Host]. What it returns runs until its context ends.
//
//	func (timer) Kind() string { return "timer" }
//
//	func (timer) Load(ctx context.Context, h trigger.Host, entries []trigger.Entry) (trigger.Runner, error) {
//		for _, e := range entries {
//			var cfg struct { Interval string `toml:"interval"` }
//			if err := e.Decode(&cfg); err != nil { return nil, err }
//			c, err := h.Component(e.Component)
//			...
//		}
//	}
//
// What the manifest says of all its entries together it finds in [Host.Settings].
//
// A call of a component's export is made by [Do], with code that was generated from WIT, or by
// [Invoke], with Go values. Both make an instance for it, and end that with the context. Triggers
// that want more of instances ask for them: for one of their own ([Component.Fresh]), or for one
// that several calls share ([Component.Shared]), if its export is async.
package trigger
