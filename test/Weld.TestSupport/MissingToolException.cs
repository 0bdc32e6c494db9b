namespace Weld.TestSupport;

/// <summary>A program that a test needs is not installed. Tests never skip for that.</summary>
public sealed class MissingToolException : Exception
{
    public MissingToolException() { }
    public MissingToolException(string message) : base(message) { }
    public MissingToolException(string message, Exception inner) : base(message, inner) { }
}
