// Package spinapi gathers the host interfaces of Spin itself that components can import:
// key-value stores, databases, message queues, variables, models. All are stand-ins so far:
// guests that import them can be loaded, and trap if they call them.
package spinapi
