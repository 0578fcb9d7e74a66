// Package spinapi gathers those host interfaces of Spin itself that are known but not built yet:
// databases on servers, message queues, models. All are stand-ins: guests that import them can be
// loaded, and trap if they call them. The others have packages of their own beside it.
package spinapi
