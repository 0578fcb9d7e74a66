;; A component that is made of a dependency of the components in try.
(component
  (import "acme:try/calls@1.0.0" (instance $calls
    (export "try" (func async (param "which" u32) (result (tuple u32 string))))))
  (export "acme:main/calls@1.0.0" (instance $calls))
)
