// Package spinapi gathers those host interfaces of Spin itself that are known but not built yet:
// key-value stores, databases, message queues, models. All are stand-ins: guests that import
// them can be loaded, and trap if they call them. Package variables beside it is built.
package spinapi
