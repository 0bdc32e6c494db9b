namespace Weld.TestSupport;

/// <summary>Runs a module under node's WASI, and asks the two validators about it.</summary>
public static class WasiRunner
{
    /// <param name="environment">Names must start with GUEST_: nothing else of the host reaches the program.</param>
    public static ProcessResult Run(
        string module,
        IEnumerable<string>? arguments = null,
        string standardInput = "",
        IReadOnlyDictionary<string, string>? environment = null) =>
        ProcessRunner.Run(
            Tools.Node,
            ["--no-warnings", Script("wasi-run.mjs"), module, .. arguments ?? []],
            standardInput: standardInput,
            environment: environment,
            timeout: TimeSpan.FromSeconds(60));

    /// <returns>What wabt and node find wrong, empty when both accept the module.</returns>
    public static string Validate(string module)
    {
        ProcessResult node = ProcessRunner.Run(Tools.Node, [Script("wasm-validate.mjs"), module]);
        return ValidateQuickly(module) + (node.ExitCode == 0 ? "" : $"node: {node.AllOutput}");
    }

    /// <summary>By wabt alone, which starts much faster than node.</summary>
    public static string ValidateQuickly(string module)
    {
        ProcessResult wabt = ProcessRunner.Run(Tools.WasmValidate, ["--enable-all", module]);
        return wabt.ExitCode == 0 ? "" : $"wasm-validate: {wabt.AllOutput}";
    }

    private static string Script(string name) => Repository.Path("test", "Weld.TestSupport", name);
}
