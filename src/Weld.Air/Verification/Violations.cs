using Weld.Air.Text;
using Weld.Base.Diagnostics;

namespace Weld.Air.Verification;

/// <summary>Turns violations into diagnostics, with the place in the text if the module was parsed.</summary>
internal sealed class Violations(AirModule module, DiagnosticBag diagnostics, SourceMap? positions)
{
    private const int Most = 200;

    public int Count { get; private set; }

    public void Report(VerifierRule rule, TypeId type, string message) =>
        Add(rule, positions?.Find(type), "type", $"{AirText.Print(module, type)}: {message}");

    public void Report(VerifierRule rule, ValueId value, string message) => Add(rule, positions?.Find(value), "constant", message);

    public void Report(VerifierRule rule, AirItem item, string message) => Add(rule, positions?.Find(item.Id), $"@{item.Name}", message);

    public void ReportExport(VerifierRule rule, int number, string message) => Add(rule, positions?.FindExport(number), "export", message);

    public void Report(VerifierRule rule, AirFunction function, InstructionId instruction, string message)
    {
        string place = $"@{function.Name} %{function.Body?.Name(instruction) ?? $"{instruction.Index}"} ({AirOpcodeTable.Get(function.Body!.Opcode(instruction)).Name})";
        Add(rule, positions?.Find(function.Id, instruction), place, message);
    }

    private void Add(VerifierRule rule, int? position, string place, string message)
    {
        if (Count++ >= Most)
            return;
        diagnostics.Add(position is { } at
            ? positions!.Source.Describe(rule.Descriptor, at, message)
            : new Diagnostic(rule.Descriptor, positions is null ? place : positions.Source.File, message));
    }
}
