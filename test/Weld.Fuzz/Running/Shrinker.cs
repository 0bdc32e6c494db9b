using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Running;

/// <summary>Makes a failing case simpler, as long as it still fails in the same way.</summary>
/// <remarks>Drops options and inputs, then takes back runs of changed bytes. Each attempt is a process of its own.</remarks>
public static class Shrinker
{
    private const int MaximumAttempts = 60;

    public static void Run(string directory, Verdict verdict)
    {
        if (verdict == Verdict.Hang)
            return;
        int attempts = 0;
        string commandFile = Path.Combine(directory, FuzzCase.CommandFile);
        List<string> command = [.. File.ReadAllLines(commandFile)];
        for (int i = command.Count - 1; i >= 0 && command.Count > 1; i--)
        {
            string line = command[i];
            command.RemoveAt(i);
            File.WriteAllLines(commandFile, command);
            if (!StillFails(directory, verdict, ref attempts))
                command.Insert(i, line);
        }
        File.WriteAllLines(commandFile, command);
        foreach (string name in command.Where(static line => line[0] != '-' && !Path.IsPathRooted(line)).ToArray())
            ShrinkFile(Path.Combine(directory, name), directory, verdict, ref attempts);
    }

    private static void ShrinkFile(string path, string directory, Verdict verdict, ref int attempts)
    {
        byte[] bytes = File.ReadAllBytes(path);
        for (int run = bytes.Length / 2; run >= 16 && attempts < MaximumAttempts; run /= 2)
        {
            // The end first: what follows the reader's last look is noise.
            byte[] shorter = bytes[..^run];
            File.WriteAllBytes(path, shorter);
            if (StillFails(directory, verdict, ref attempts))
                bytes = shorter;
        }
        File.WriteAllBytes(path, bytes);
    }

    private static bool StillFails(string directory, Verdict verdict, ref int attempts)
    {
        if (++attempts > MaximumAttempts)
            return false;
        Verdict found = Verdict.Linked;
        ChildProcess.Run(["--replay", directory], (_, result) => found = result.Verdict);
        return found == verdict;
    }
}
