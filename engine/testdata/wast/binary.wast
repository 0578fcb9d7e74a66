;; The binary format: what is not a component, by what rule.

;; Nothing but the header is a component.
(component binary "\00asm" "\0d\00\01\00")
(assert_malformed (component binary "") "not a WebAssembly component")
(assert_malformed (component binary "\00as") "not a WebAssembly component")
(assert_malformed (component binary "\00asm" "\0d\00\01") "not a WebAssembly component")
(assert_malformed (component binary "\00asm" "\01\00\00\00") "core module")
(assert_malformed (component binary "\00asm" "\0c\00\01\00") "malformed component: unknown component version 0xc: this engine reads version 0xd")
(assert_malformed (component binary "\00asm" "\0d\00\02\00") "malformed component: unknown layer 0200: neither a component nor a core module")
(assert_malformed (component binary "\00asn" "\0d\00\01\00") "not a WebAssembly component")

;; Sections
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\0d\00") "malformed component: malformed section id 13")             ;; there is none of that number
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07") "malformed component: unexpected end")                ;; no length
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\05\00") "malformed component: unexpected end: 5 bytes are announced, 1 are left")          ;; longer than the file
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\ff\ff\ff\ff\0f") "malformed component: unexpected end: 4294967295 bytes are announced, 0 are left") ;; much longer
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\ff\ff\ff\ff\7f") "malformed component: integer does not fit 32 bits") ;; no 32-bit number
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\80\80\80\80\80\00") "malformed component: integer does not fit 32 bits") ;; a number of too many bytes
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\02\00\00") "malformed component: 1 bytes too many in the section")       ;; something after the last definition
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\01\01") "malformed component: unexpected end: 1 types in 0 bytes")          ;; fewer definitions than it says
;; a count that would take gigabytes
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\05\ff\ff\ff\ff\0f") "malformed component: unexpected end: 4294967295 types in 0 bytes")
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\07\01\72\ff\ff\ff\ff\0f") "malformed component: unexpected end: 4294967295 fields in 0 bytes")
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\07\01\6e\ff\ff\ff\ff\0f") "malformed component: unexpected end: 4294967295 flags in 0 bytes")

;; Custom sections have a name and may be anywhere.
(component binary "\00asm" "\0d\00\01\00" "\00\05\04\61\62\63\64" "\00\03\01\61\ff")
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\00\00") "malformed component: unexpected end")
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\00\02\05\61") "malformed component: unexpected end: 5 bytes are announced, 1 are left")
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\00\02\01\ff") "malformed component: malformed UTF-8 encoding")       ;; the name is not UTF-8

;; Definitions
(component binary "\00asm" "\0d\00\01\00" "\07\02\01\7d")                             ;; u8
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\02\01\00") "malformed component: invalid leading byte 0x0 for type definition")       ;; no such type
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\03\01\70\00") "invalid component: type index out of bounds: index 0 of 0")    ;; (list 0) of type 0, which is itself
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\03\01\3f\7f") "malformed component: unexpected end")    ;; a resource without rep
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\07\04\01\3f\7e\00") "unsupported component: a resource represented by an i64") ;; its rep is i64
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\06\04\01\01\05\00") "malformed component: invalid leading byte 0x5 for alias target") ;; alias of an unknown kind
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\08\03\01\ff\00") "malformed component: invalid leading byte 0xff for canonical definition")    ;; no such built-in
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\08\04\01\00\01\00") "malformed component: invalid leading byte 0x1 for canon lift") ;; canon lift with a wrong second byte
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\0a\06\01\00\01\61\07\00") "malformed component: invalid leading byte 0x7 for type of an import or export") ;; an import of an unknown sort
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\0b\06\01\05\01\61\01\00") "malformed component: invalid leading byte 0x5 for name of an import or export") ;; an export with an unknown kind of name
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\0a\05\01\00\01\ff\01") "malformed component: malformed UTF-8 encoding")    ;; a name that is not UTF-8
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\09\03\00\00\00") "unsupported component: a component start function or a value")    ;; the start section of components is none of ours

;; Modules and components within
(component binary "\00asm" "\0d\00\01\00" "\01\08" "\00asm" "\01\00\00\00")
(component binary "\00asm" "\0d\00\01\00" "\04\08" "\00asm" "\0d\00\01\00")
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\01\08" "\00asm" "\0d\00\01\00") "malformed component: invalid core module: this is a component, not a core module") ;; a component as a core module
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\04\08" "\00asm" "\01\00\00\00") "malformed component: component 0: expected the version of a component, found that of a core module") ;; and the reverse
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\01\04" "\00asm") "malformed component: invalid core module: unexpected end of module")
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\04\00") "malformed component: component 0: unexpected end: 4 bytes are announced, 0 are left")
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\01\0b" "\00asm" "\01\00\00\00" "\01\7f\00") "malformed component: invalid core module: unexpected end of module") ;; a section of the module is longer than the module
(assert_malformed (component binary "\00asm" "\0d\00\01\00" "\01\0a" "\00asm" "\01\00\00\00" "\7f\00") "malformed component: invalid core module: unknown section 127")    ;; and one that there is not
