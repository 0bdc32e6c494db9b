using Weld.Fuzz.Mutation;

namespace Weld.Fuzz.Inputs;

/// <summary>One case: a program of which some files are spoilt, and options. A function of seed and number.</summary>
/// <param name="Name">What it was made from, for reports.</param>
/// <param name="Files">The files to write into the case's directory: the spoilt ones, and what must lie beside them.</param>
/// <param name="Spoilt">The names of the spoilt ones.</param>
/// <param name="Inputs">The inputs in command line order; files that are not in <paramref name="Files"/> as paths of seeds.</param>
/// <param name="Options">Groups of options, each with spaces between them.</param>
public sealed record FuzzCase(
    string Name, Dictionary<string, byte[]> Files, IReadOnlyList<string> Spoilt, IReadOnlyList<string> Inputs, IReadOnlyList<string> Options)
{
    private static readonly string[] ThinMembers = ["library.o", "strings.o"];

    /// <summary>The number of the case in which the first program is linked as it is; the others follow below.</summary>
    public const int FirstUnspoilt = -1;

    public static FuzzCase Make(int seed, int number, string seedDirectory)
    {
        var dice = new Dice(seed, number);
        bool isUnspoilt = number <= FirstUnspoilt;
        SeedProgram program = isUnspoilt ? SeedProgram.All[FirstUnspoilt - number] : dice.Pick(SeedProgram.All);
        bool isThin = program.Inputs.Contains("thin.a");
        string[] candidates = [.. program.Inputs.Where(static input => input[0] != '-'), .. isThin ? ThinMembers : []];
        var files = new Dictionary<string, byte[]>();
        if (isThin)
            foreach (string name in candidates)
                files[name] = File.ReadAllBytes(Path.Combine(seedDirectory, name));
        var spoilt = new SortedSet<string>(StringComparer.Ordinal);
        for (int victims = isUnspoilt ? 0 : dice.OneIn(5) ? 2 : 1; victims > 0; victims--)
            spoilt.Add(dice.Pick(candidates));
        foreach (string name in spoilt)
            files[name] = Spoil(File.ReadAllBytes(Path.Combine(seedDirectory, name)), seedDirectory, dice);
        string[] inputs = [.. program.Inputs.Select(input => input[0] == '-' || files.ContainsKey(input) ? input : Path.Combine(seedDirectory, input))];
        return new FuzzCase(program.Name, files, [.. spoilt], inputs, isUnspoilt ? program.Options : PickOptions(program, dice));
    }

    private static byte[] Spoil(byte[] bytes, string seedDirectory, Dice dice)
    {
        int changes = 1;
        while (changes < 6 && dice.OneIn(4))
            changes++;
        for (; changes > 0; changes--)
        {
            SeedProgram donor = dice.Pick(SeedProgram.All);
            bytes = Mutator.Mutate(bytes, File.ReadAllBytes(Path.Combine(seedDirectory, donor.Inputs.Last(static input => input[0] != '-'))), dice);
        }
        return bytes;
    }

    private static List<string> PickOptions(SeedProgram program, Dice dice)
    {
        List<string> options = [.. program.Options];
        for (int more = dice.Below(4); more > 0; more--)
        {
            string group = dice.Pick(OptionGroup.All);
            // The wrong memory model hides everything else; twice in a hundred is enough.
            if (!options.Contains(group) && (group != OptionGroup.Wasm64 || dice.OneIn(5)))
                options.Add(group);
        }
        return options;
    }

    /// <summary>Writes the files and the command, a line for each group and each input, into an empty directory.</summary>
    public void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach ((string name, byte[] bytes) in Files)
            File.WriteAllBytes(Path.Combine(directory, name), bytes);
        File.WriteAllLines(Path.Combine(directory, CommandFile), [.. Options, .. Inputs]);
    }

    public const string CommandFile = "command.txt";
}
