package wit

// The syntax tree: what the text of a file says, before any name is looked up.

// An ident is a name and where it stands.
type ident struct {
	name string
	pos  Position
}

// A packageName is the name in a package declaration or in front of an interface.
type packageName struct {
	namespace, name, version string
	pos                      Position
}

func (n *packageName) id() string {
	return (&Package{Namespace: n.namespace, Name: n.name, Version: n.version}).ID()
}

// A usePath names an interface or world: of another package, or, where pkg is nil, of the file's scope.
type usePath struct {
	pkg  *packageName
	name ident
}

// A sourceFile is one parsed file.
type sourceFile struct {
	name   string
	src    string
	header *packageName // nil without a package declaration
	docs   string       // of the declaration
	top    fileScope
	nested []nestedPackage
}

// A nestedPackage is a whole package inside a file.
type nestedPackage struct {
	name *packageName
	docs string
	body fileScope
}

// A fileScope is the sequence of items at the top of a file or inside a nested package.
type fileScope struct {
	file       *sourceFile
	uses       []*topUse
	interfaces []*interfaceDecl
	worlds     []*worldDecl
	spans      [][2]int // start and end of each item in the file
}

func (s *fileScope) empty() bool { return len(s.spans) == 0 }

// A topUse is a use statement at the top of a file.
type topUse struct {
	path usePath
	as   ident
}

// A meta is what can stand in front of an item.
type meta struct {
	docs        string
	stability   Stability
	since       Position // of the version in @since
	externalID  string
	hasExternal bool
	attribute   Position // of the first attribute, invalid without one
}

type interfaceDecl struct {
	meta  meta
	name  ident
	uses  []*useDecl
	types []*typeDecl
	funcs []*funcDecl
}

type worldDecl struct {
	meta     meta
	name     ident
	uses     []*useDecl
	types    []*typeDecl
	externs  []*externDecl
	includes []*includeDecl
}

// A useDecl is a use statement inside an interface or world.
type useDecl struct {
	meta  meta
	path  usePath
	names []useName
}

type useName struct{ member, as ident }

// A typeDecl is the definition of a type. What is set besides the name depends on the kind.
type typeDecl struct {
	meta   meta
	kind   string // the keyword
	name   ident
	fields []fieldDecl // of a record, variant, enum or flags
	alias  *typeExpr   // of a type statement
	funcs  []*funcDecl // of a resource
}

// A fieldDecl is a field, case, label or parameter.
type fieldDecl struct {
	docs string
	name ident
	typ  *typeExpr // nil for a label and for a case without payload
}

type funcDecl struct {
	meta   meta
	kind   FuncKind
	name   ident
	async  bool
	params []fieldDecl
	result *typeExpr // nil if there is none
}

// An externDecl is an import or export statement. One of path, fn and iface is set; name is empty where the
// statement gives just a path.
type externDecl struct {
	meta   meta
	export bool
	pos    Position
	name   ident
	path   *usePath
	fn     *funcDecl
	iface  *interfaceDecl
}

type includeDecl struct {
	meta meta
	path usePath
	with []useName
}

// A typeExpr is a type as written: a name with its arguments. An argument is nil where the text has "_".
type typeExpr struct {
	pos     Position
	name    string
	builtin bool // the name is a keyword
	escaped bool // the name is written with %
	args    []*typeExpr
	len     uint32 // of a list of fixed length
}
