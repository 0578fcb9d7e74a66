module example.com/customhost

go 1.25.0

require github.com/spinhost/spin v0.0.0

require (
	github.com/bytecodealliance/wasmtime-go/v44 v44.0.0 // indirect
	github.com/mattn/go-sqlite3 v1.14.53 // indirect
	github.com/pelletier/go-toml/v2 v2.4.3 // indirect
)

replace github.com/spinhost/spin => ../..
