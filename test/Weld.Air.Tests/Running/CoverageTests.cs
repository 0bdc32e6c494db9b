using System.Text;

namespace Weld.Air.Tests.Running;

/// <summary>The cases have every instruction with every kind of operand that its row of the opcode table admits.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void Every_instruction_has_a_case_for_each_kind_of_operand()
    {
        Dictionary<AirOpcode, HashSet<string>> seen = Collect();
        var missing = new StringBuilder();
        int count = 0;
        int all = 0;
        foreach (OpcodeInfo info in AirOpcodeTable.All)
        {
            HashSet<string> had = seen.GetValueOrDefault(info.Opcode, []);
            List<string> required = [.. InstructionCells.Required(info).Distinct()];
            List<string> left = [.. required.Where(cell => !had.Contains(cell))];
            all += required.Count;
            count += left.Count;
            if (left.Count > 0)
                missing.Append(info.Name).Append(": ").Append(left[0].Length == 0 ? "no case" : string.Join(", ", left)).Append('\n');
        }
        Assert.True(count == 0, $"{count} of {all} are missing:\n{missing}");
        Assert.True(all > 1500, $"only {all} are required");
    }

    [Fact]
    public void Of_every_operand_it_is_known_what_it_can_be() =>
        Assert.Empty(AirOpcodeTable.All.ToArray().SelectMany(InstructionCells.Unknown));

    [Fact]
    public void There_are_400_cases() => Assert.True(RunCase.Names.Count() >= 400, $"{RunCase.Names.Count()} cases");

    private static Dictionary<AirOpcode, HashSet<string>> Collect()
    {
        var seen = new Dictionary<AirOpcode, HashSet<string>>();
        foreach (RunCase @case in RunCase.All)
        {
            AirModule module = @case.Read().Module;
            var kinds = new OperandKinds(module);
            foreach (AirFunction function in module.Functions)
            {
                // What the run lines themselves are made of does not count.
                if (function.Body is not { } body || function.Name.Contains(' ', StringComparison.Ordinal))
                    continue;
                for (int i = 0; i < body.Count; i++)
                {
                    var id = new InstructionId(i);
                    if (!seen.TryGetValue(body.Opcode(id), out HashSet<string>? cells))
                        seen.Add(body.Opcode(id), cells = []);
                    cells.UnionWith(InstructionCells.Of(module, function, id, kinds));
                }
            }
        }
        return seen;
    }
}
