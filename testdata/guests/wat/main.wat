;; A component that is made of its dependency: what it exports are functions of that.
(component
  (import "acme:probe/probe@1.1.0" (instance $probe
    (export "try" (func (result (list u32))))
    (export "here" (func (result u32)))))
  (export "acme:main/run@1.0.0" (instance $probe))
)
