using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests.BuildSystems;

/// <summary>CMake and Meson find weld, and build a program with it.</summary>
public sealed class BuildSystemTests
{
    private static readonly string Linker = WeldTool.Existing(WeldTool.WasmLd);

    [Fact]
    public void CMake_builds_a_program()
    {
        using TemporaryFolder folder = MakeProject();
        folder.Write("CMakeLists.txt", """
            cmake_minimum_required(VERSION 3.20)
            project(tiny C)
            include(CheckCSourceCompiles)
            check_c_source_compiles("int missing_everywhere(void); int main(void) { return missing_everywhere(); }" HAS_MISSING)
            check_c_source_compiles("#include <stdio.h>\nint main(void) { return puts(\"\"); }" HAS_PUTS)
            add_library(square STATIC square.c)
            add_executable(tiny main.c)
            set_target_properties(tiny PROPERTIES SUFFIX .wasm)
            target_link_libraries(tiny PRIVATE square)
            """);
        ProcessResult configured = ProcessRunner.Run(Tools.CMake,
        [
            "-G", "Ninja", "-S", ".", "-B", "build", "-DCMAKE_SYSTEM_NAME=Generic", "-DCMAKE_TRY_COMPILE_TARGET_TYPE=EXECUTABLE",
            $"-DCMAKE_MAKE_PROGRAM={Tools.Ninja}", $"-DCMAKE_C_COMPILER={Tools.Clang}", "-DCMAKE_C_COMPILER_TARGET=wasm32-wasi",
            $"-DCMAKE_AR={Tools.LlvmAr}", $"-DCMAKE_RANLIB={Tools.LlvmRanlib}", "-DCMAKE_C_FLAGS=-Wno-deprecated",
            $"-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld={Linker}",
        ], folder.Root).RequireSuccess();
        // The checks link: one must fail, for the right reason, and the other must work.
        Assert.Contains("HAS_PUTS - Success", configured.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("HAS_MISSING - Failed", configured.StandardOutput, StringComparison.Ordinal);
        ProcessRunner.Run(Tools.CMake, ["--build", "build"], folder.Root).RequireSuccess();
        AssertRuns(folder["build", "tiny.wasm"]);
    }

    [Fact]
    public void Meson_detects_weld_and_builds_a_program()
    {
        using TemporaryFolder folder = MakeProject();
        folder.Write("meson.build", """
            project('tiny', 'c')
            square = static_library('square', 'square.c')
            executable('tiny', 'main.c', link_with: square, name_suffix: 'wasm')
            """);
        folder.Write("cross.ini", $"""
            [binaries]
            c = ['{Tools.Clang}', '--target=wasm32-wasi']
            ar = '{Tools.LlvmAr}'
            [built-in options]
            c_args = ['-Wno-deprecated']
            c_link_args = ['-fuse-ld={Linker}', '-Wno-deprecated']
            [host_machine]
            system = 'wasi'
            cpu_family = 'wasm32'
            cpu = 'wasm32'
            endian = 'little'
            """);
        ProcessResult configured = ProcessRunner.Run(Tools.Meson, ["setup", "build", "--cross-file", "cross.ini"], folder.Root).RequireSuccess();
        Assert.Matches("C linker for the host machine: .* ld.lld [0-9.]+", configured.StandardOutput);
        // Meson passes GNU ld's flags (--as-needed, --no-undefined, --start-group), which wasm-ld refuses.
        ProcessRunner.Run(Tools.Ninja, ["-C", "build"], folder.Root).RequireSuccess();
        AssertRuns(folder["build", "tiny.wasm"]);
    }

    [Theory]
    [InlineData("-v")]
    [InlineData("--version")]
    public void Version_is_what_newer_CMake_looks_for(string option)
    {
        // CMake 3.29 and later takes the first of its expressions that matches; those of mold and Wild come before LLD's.
        ProcessResult run = WeldTool.LinkAsWasmLd([option]);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("LLD [0-9.]+", run.StandardOutput);
        Assert.DoesNotMatch("mold [0-9.]+|Wild version [0-9.]+", run.AllOutput);
        Assert.Contains("compatible with GNU", run.StandardOutput, StringComparison.Ordinal);
        Assert.Equal("", run.StandardError);
    }

    private static TemporaryFolder MakeProject()
    {
        var folder = new TemporaryFolder();
        folder.Write("main.c", """
            #include <stdio.h>
            int square(int);
            int main(int argc, char **argv) { printf("%d\n", square(argc + 6)); return 3; }
            """);
        folder.Write("square.c", "int square(int x) { return x * x; }\n");
        return folder;
    }

    private static void AssertRuns(string module)
    {
        ProcessResult run = WasiRunner.Run(module);
        Assert.Equal("49\n", run.StandardOutput);
        Assert.Equal(3, run.ExitCode);
    }
}
