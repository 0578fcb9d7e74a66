;; A component that is made of a dependency which tries all interfaces.
(component
  (import "acme:tries/calls@1.0.0" (instance $calls
    (export "try" (func async (param "id" string) (param "function" string) (result (tuple u32 string))))))
  (export "acme:main/calls@1.0.0" (instance $calls))
)
