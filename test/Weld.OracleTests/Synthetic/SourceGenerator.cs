using System.Globalization;
using System.Text;

namespace Weld.OracleTests.Synthetic;

/// <summary>Writes C++ files that call each other: templates and vtables repeated in many of them (COMDATs), strings
/// repeated in many of them, tables of functions, weak definitions and references, constructors, unused parts.</summary>
/// <remarks>The program prints a checksum that does not depend on addresses.</remarks>
public sealed class SourceGenerator
{
    private const int Files = 36;
    private const int FunctionsPerFile = 9;

    /// <summary>What every file sees.</summary>
    private const string Prelude = """
        typedef unsigned u;
        extern "C" unsigned long strlen(const char *);
        template <int N> struct Mixer {
          u state;
          virtual ~Mixer() {}
          virtual u mix(u x) const { return (x ^ (x >> N)) * (2654435761u + N) + state; }
          virtual u weight() const { return N; }
        };
        template <int N> inline u fold(u x) { static u calls; static const char name[] = "fold"; return x * (2 * N + 1) + ++calls + name[N % 4]; }
        inline u label(u i) {
          static const char *const names[] = {"alpha", "beta", "gamma", "a longer name", "longer name", "name"};
          return strlen(names[i % 6]) + names[i % 6][0];
        }
        extern u constructed;
        extern "C" u optional_part(u) __attribute__((weak));
        extern "C" u overridden_part(u);

        """;

    private uint _random = 20261121;

    private SourceGenerator()
    {
    }

    public static IReadOnlyList<(string Name, string Text)> Generate()
    {
        var generator = new SourceGenerator();
        return [MakeMain(), .. Enumerable.Range(0, Files).Select(file => (NameOf(file) + ".cpp", generator.MakeFile(file)))];
    }

    private static (string Name, string Text) MakeMain()
    {
        var text = new StringBuilder(Prelude);
        text.Append("#include <stdio.h>\nu constructed;\n");
        // Files 3 and 4 of each ten are in the program only if something else needs them.
        int[] used = [.. Enumerable.Range(0, Files).Where(file => file % 10 is not (3 or 4))];
        foreach (int file in used)
            text.Append(CultureInfo.InvariantCulture, $"namespace {NameOf(file)} {{ u work{FunctionsPerFile - 1}(u); }}\n");
        text.Append("static u (*const entries[])(u) = {\n");
        foreach (int file in used)
            text.Append(CultureInfo.InvariantCulture, $"  {NameOf(file)}::work{FunctionsPerFile - 1},\n");
        text.Append("""
            };
            int main() {
              u sum = optional_part ? 1 : overridden_part(2);
              for (u round = 0; round < 3; round++)
                for (u (*entry)(u) : entries)
                  sum = sum * 31 + entry(sum + round);
              printf("checksum=%08x constructed=%u\n", sum, constructed);
            }

            """);
        return ("main.cpp", text.ToString());
    }

    private string MakeFile(int file)
    {
        var text = new StringBuilder(Prelude);
        int[] callees = [.. Enumerable.Range(0, 4).Select(_ => Next(file + 1)).Where(callee => callee != file).Distinct()];
        foreach (int callee in callees)
            text.Append(CultureInfo.InvariantCulture, $"namespace {NameOf(callee)} {{ u work0(u); u work4(u); extern u total; }}\n");
        text.Append(CultureInfo.InvariantCulture, $"extern \"C\" __attribute__((weak)) u overridden_part(u x) {{ return x + {file}; }}\n");
        text.Append(CultureInfo.InvariantCulture, $"namespace {NameOf(file)} {{\nu total = {file};\nstatic u zeros[{1 + Next(60)}];\n");
        text.Append(CultureInfo.InvariantCulture, $"static const unsigned char bytes[] = {{{string.Join(", ", Enumerable.Range(0, 1 + Next(20)).Select(_ => Next(256)))}}};\n");
        text.Append(CultureInfo.InvariantCulture, $"u never_called(u x) {{ return label(x) + fold<{Next(9)}>(x) + bytes[0]; }}\n");
        if (file % 4 == 1)
            text.Append(CultureInfo.InvariantCulture, $"__attribute__((constructor({200 + Next(5)}))) static void construct() {{ constructed = constructed * 7 + {file}; }}\n");
        for (int function = 0; function < FunctionsPerFile; function++)
            AddFunction(text, file, function, callees);
        return text.Append("}\n").ToString();
    }

    private void AddFunction(StringBuilder text, int file, int function, int[] callees)
    {
        text.Append(CultureInfo.InvariantCulture, $"u work{function}(u x) {{\n  u y = x ^ {Next(100000)}u;\n");
        for (int statement = 0; statement < 4; statement++)
            text.Append(CultureInfo.InvariantCulture, $"  {Statement(file, function, callees)}\n");
        text.Append("  return y;\n}\n");
    }

    /// <summary>Calls go to earlier functions and files only, so that the program ends.</summary>
    private string Statement(int file, int function, int[] callees)
    {
        int number = Next(1000);
        int[] earlier = [.. callees.Where(callee => callee < file)];
        return Next(9) switch
        {
            0 when function > 0 => $"y += work{Next(function)}(y);",
            1 when function > 4 => $"{{ static u (*const table[])(u) = {{work{Next(function)}, work{Next(function)}}}; y ^= table[y & 1](x); }}",
            2 when earlier.Length > 0 && function == FunctionsPerFile - 1 => $"y += {NameOf(earlier[0])}::work{(number % 2 == 0 ? 0 : 4)}(x + {number});",
            3 when callees.Length > 0 => $"y += {NameOf(callees[^1])}::total++;",
            4 => $"{{ Mixer<{1 + (number % 12)}> mixer; mixer.state = x; const Mixer<{1 + (number % 12)}> *volatile p = &mixer; y = p->mix(y) + p->weight(); }}",
            5 => $"y += fold<{number % 17}>(y) + label(y);",
            6 => $"zeros[0] += x; y ^= zeros[0] + bytes[y % sizeof bytes];",
            7 => $"y += strlen(\"text {number % 40} of many\") + overridden_part({number}) % 1;",
            _ => $"y = y * {(2 * number) + 1}u + (x >> {number % 31});",
        };
    }

    private static string NameOf(int file) => $"unit_{file:D3}";

    /// <summary>A linear congruence: the same numbers on every run and machine.</summary>
    private int Next(int limit)
    {
        _random = unchecked((_random * 1664525) + 1013904223);
        return (int)((_random >> 8) % (uint)limit);
    }
}
