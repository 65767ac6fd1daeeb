.PHONY: build check full bench help
help:
	@echo "make build  the optimised program: build/release/bin/polyphase"
	@echo "make check  while working: build and fast tests"
	@echo "make full   all tests, with sanitizers"
	@echo "make bench  speed of the engine and its stages"
build:
	tools/install run
	cmake --preset release -DPOLYPHASE_TESTS=OFF
	cmake --build --preset release --target polyphase
check:
	tools/install run test
	cmake --preset dev >/dev/null
	cmake --build --preset dev
	ctest --preset dev
full:
	tools/install run test
	cmake --preset asan >/dev/null
	cmake --build --preset asan
	ctest --preset asan
	./test
bench:
	tools/install run test
	cmake --preset release -DPOLYPHASE_TESTS=OFF -DPOLYPHASE_BENCH=ON >/dev/null
	cmake --build --preset release
	build/release/bin/polyphase_bench
